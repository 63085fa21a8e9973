"""Each format definition proves itself: its sample lines are read rightly, by itself and named."""

import json
import os
import pwd
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psbhost import defined, jsonlines, levels
from psbhost.formats import GENERAL_NAMES, Recogniser
from psbhost.stamps import StampReader
from psbhost.zones import UTC as PLAIN

from psbuddy.catalogue.formats import host_source, load_definitions

ROOT = Path(__file__).resolve().parents[3]
NOW = int(datetime(2026, 11, 24, 16, tzinfo=UTC).timestamp())
DEFINITIONS = load_definitions(ROOT / "resources" / "formats")
SAMPLES = [
    pytest.param(one, sample, id=f"{one.name}-{number}")
    for one in DEFINITIONS
    for number, sample in enumerate(one.samples)
]


def _told(head, line):
    """(time, level, message) of a head."""
    time = None if head.time is None else datetime.fromtimestamp(head.time, UTC)
    if isinstance(head.extra, dict):
        message = jsonlines.message_of(head.extra)
    else:
        message = line[head.message :].decode().strip()
    return time, levels.NAMES[head.level], message


def _wanted(sample, told):
    message = told[2] if sample.message is None else sample.message
    return sample.time, sample.level.value, message


@pytest.mark.parametrize(("definition", "sample"), SAMPLES)
def test_a_sample_is_read_without_a_hint(definition, sample):
    line = sample.line.encode()
    recogniser = Recogniser(StampReader(PLAIN, NOW))
    head = recogniser.recognise(line) or recogniser.levelled(line)
    assert head is not None
    told = _told(head, line)
    assert told == _wanted(sample, told)


@pytest.mark.parametrize(("definition", "sample"), SAMPLES)
def test_a_sample_is_given_its_name(definition, sample):
    line = sample.line.encode()
    recogniser = Recogniser(StampReader(PLAIN, NOW))
    head = recogniser.recognise(line) or recogniser.levelled(line)
    found = defined.named(line, head)
    assert found is not None
    # Another name only where both describe the line: some layouts belong to several programs.
    assert found.name == definition.name or (
        defined.BY_NAME[definition.name].match(line) is not None
        or definition.name in defined.GENERAL
        or definition.name in GENERAL_NAMES
    )


@pytest.mark.parametrize(("definition", "sample"), SAMPLES)
def test_a_format_that_is_forced_reads_its_samples(definition, sample):
    line = sample.line.encode()
    head = Recogniser(StampReader(PLAIN, NOW), only=definition.name).recognise(line)
    if head is None:
        # A name of the general shapes: the definition describes only some of its lines.
        assert definition.name in ("tomcat", "tornado", "hadoop")
        return
    assert head.time == (None if sample.time is None else int(sample.time.timestamp()))
    assert levels.NAMES[head.level] == sample.level.value


def test_hosts_carry_what_the_definitions_say():
    carried = (ROOT / "scripts" / "psbhost" / "definitions.py").read_text()
    assert carried == host_source(DEFINITIONS), "python -m psbuddy.catalogue.formats"


def test_every_definition_says_what_it_is():
    assert len(DEFINITIONS) > 60
    for one in DEFINITIONS:
        assert one.title
        assert one.about
        assert len(one.samples) >= 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- name: x\n", "title is missing"),
        (
            "- {name: x, title: x, about: x, head: [x], samples: [{line: x}], colour: red}\n",
            "colour",
        ),
        ("- {name: x, title: x, about: x, head: [x], samples: [{line: x, tint: 1}]}\n", "tint"),
        ("- &a {name: x, title: x, about: x, head: [x], samples: [{line: x}]}\n- *a\n", "two"),
    ],
)
def test_a_wrong_definition_is_named(tmp_path, text, words):
    (tmp_path / "wrong.yaml").write_text(text)
    with pytest.raises(ValueError, match=words):
        load_definitions(tmp_path)


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match="colour"):
        defined.compiled("{colour} x")


@pytest.mark.parametrize(
    "part",
    [b"-", b" ", b"1 ", b"<", b"[", b"a.", b'"', b"|", b"\t", b"=", b",", b":", b"1:", b"(a) "],
)
def test_nothing_goes_back_for_long(part):
    """Hostile text behind the head of each format: a matcher that goes back would not end."""
    for one in DEFINITIONS:
        line = one.samples[0].line.encode()[:40] + part * 20_000
        Recogniser(StampReader(PLAIN, NOW)).recognise(line)
        found = defined.BY_NAME[one.name].match(line[:4096])
        assert found is None or found[0].end() <= 4096


_READ = """
import json, sys
from psbhost.formats import Recogniser
from psbhost.stamps import StampReader
from psbhost.zones import UTC
told = []
for name, line in json.load(sys.stdin):
    line = line.encode("utf-8")
    for only in (None, name):
        recogniser = Recogniser(StampReader(UTC, %d), only)
        head = recogniser.recognise(line) or (recogniser.levelled(line) if only is None else None)
        told.append(head and [head.format, head.time, head.level, head.message])
json.dump(told, sys.stdout)
"""


def _starts(python):
    done = subprocess.run([python, "-c", ""], capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.parametrize("python", ["python3.6", "python3.8", "python3.13", "python3.14"])
def test_other_versions_of_python_read_the_samples_alike(python):
    """`re` differs between versions: what it escapes, how it splits."""
    asked = json.dumps([(one.name, sample.line) for one in DEFINITIONS for sample in one.samples])

    def told(command):
        return subprocess.run(
            [*command, "-c", _READ % NOW], cwd=ROOT / "scripts", input=asked, capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    places = [*home.glob(f".pyenv/versions/*/bin/{python}"), shutil.which(python)]
    works = [str(place) for place in places if place and _starts(place)]
    if not works:
        pytest.skip(f"{python} is not here")
    other = told([works[0]])
    assert other.returncode == 0, other.stderr
    assert json.loads(other.stdout) == json.loads(told([sys.executable]).stdout)
