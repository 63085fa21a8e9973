"""The bundle: what is sent is what is hashed, and it runs under the flags of the hosts."""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from collectors.program import CODE, Program, _host_program, _sources, bundle, host_program

PYTHONS = ("python3", "python3.6", "python3.7", "python3.9", "python3.12", "python3.13")


@pytest.fixture(params=PYTHONS)
def python(request: pytest.FixtureRequest) -> str:
    """An interpreter as hosts have it."""
    if request.param == "python3":
        return sys.executable
    home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    places = [*home.glob(f".pyenv/versions/*/bin/{request.param}"), shutil.which(request.param)]
    works = [str(place) for place in places if place and _starts(str(place))]
    if not works:
        pytest.skip(f"{request.param} is not here")
    return works[0]


def _starts(python: str) -> bool:
    return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


def _run(program: Program, python: str, more: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [python, "-I", "-S", "-c", CODE],
        input=program.opening + more, capture_output=True, check=False,
    )  # fmt: skip


def _sample(start: str) -> Program:
    other = "TEXT = '''\"@ % {} ü \\n'''\n"
    broken = "raise ValueError('not me')\n"
    return bundle({"": "", "start": start, "other": other, "broken": broken})


def test_the_program_knows_its_own_hash(python: str) -> None:
    program = _sample(
        "import sys\nfrom psbhost import other\n"
        "def serve(hash): print(hash, ascii(other.TEXT), sys.stdin.read(), end='')\n"
    )
    assert program.sha256 == hashlib.sha256(program.loader + program.manifest).hexdigest()
    answer = _run(program, python, b"what follows is not ours")
    assert answer.stdout.decode().split(" ", 1) == [
        program.sha256, ascii('"@ % {} ü \n') + " what follows is not ours"
    ]  # fmt: skip
    assert answer.stderr == b""


def test_what_is_changed_on_the_way_has_another_hash_or_does_not_run() -> None:
    start = "from psbhost import other\ndef serve(hash): print(hash, other.TEXT)\n"
    program = bundle({"": "", "start": start, "other": "TEXT = 'all of it is used'\n"})
    parts = [program.loader, program.manifest, *program.packed]
    for number, part in enumerate(parts):
        for at in range(0, len(part), 1 + len(part) // 4):
            damaged = part[:at] + bytes([part[at] ^ 1]) + part[at + 1 :]
            loader, manifest, *packed = [*parts[:number], damaged, *parts[number + 1 :]]
            other = replace(program, loader=loader, manifest=manifest, packed=tuple(packed))
            assert program.sha256.encode() not in _run(other, sys.executable).stdout


def test_another_module_than_the_one_of_the_list_does_not_run() -> None:
    honest = _sample("def serve(hash): print(hash)\n")
    forged = _sample("def serve(hash): print('forged', hash)\n")
    answer = _run(replace(honest, packed=forged.packed), sys.executable)
    assert answer.stdout == b""
    assert b"psbhost.start is not as it was sent" in answer.stderr


def test_a_module_is_compiled_when_it_is_used() -> None:
    program = _sample(
        "import sys\n"
        "def serve(hash):\n"
        "    for _ in range(2):\n"
        "        try:\n"
        "            from psbhost import broken\n"
        "        except ValueError as error:\n"
        "            print(error, sorted(each for each in sys.modules if 'psbhost' in each))\n"
    )
    loaded = "not me ['psbhost', 'psbhost.start']\n"
    assert _run(program, sys.executable).stdout.decode() == 2 * loaded


def test_a_failing_module_names_itself_in_its_trace(python: str) -> None:
    answer = _run(_sample("\n# two\n\ndef serve(hash):\n    raise ValueError(1)\n"), python)
    assert b'File "psbhost.start", line 5' in answer.stderr


def test_the_list_of_the_real_program_is_that_of_its_files() -> None:
    sources = _sources("psbhost")
    program = bundle(sources)
    for line in program.manifest.decode().splitlines():
        digest, name = line.split("  ")
        text = sources.pop(name.partition(".")[2])
        assert digest == hashlib.sha256(text.encode()).hexdigest()
    assert not sources
    assert bundle(dict(reversed(_sources("psbhost").items()))) == program


def test_the_program_is_packed_once_however_many_begin_with_it() -> None:
    _host_program.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: host_program(), range(8)))
    assert _host_program.cache_info().misses == 1
    assert all(one is found[0] for one in found)


def test_every_module_of_the_real_program_loads_under_old_and_new_python(python: str) -> None:
    names = host_program().manifest.decode().split()[1::2]
    sources = _sources("psbhost")
    sources["start"] += (
        "\n\nimport importlib\n"
        "def load(name): return bool(importlib.import_module(name))\n"
        f"def serve(hash): print(sum(map(load, {names!r})))\n"
    )
    answer = _run(bundle(sources), python)
    assert answer.stderr == b""
    assert int(answer.stdout) == len(names)
