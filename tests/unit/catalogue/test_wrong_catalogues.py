"""Every way to be wrong: the file, the very line, the key, and the nearest valid word."""

from pathlib import Path

import pytest

from psbuddy.calendars import codes
from psbuddy.catalogue import check_texts

HEAD = "applications:\n  shop:\n    hosts: [shop-1]\n"
LOG = HEAD + "    logs:\n      app: {path: /var/log/app.log}\n"

#: what, text, line, key below applications.shop (or whole key), part of the message, nearest
CASES: list[tuple[str, str, int, str, str, str]] = [
    ("unknown section", "aplications: {}\n", 1, "aplications", "no key here", "applications"),
    ("unknown key", HEAD + "    ownr: x\n", 4, ".ownr", "no key here", "owner"),
    ("far key", HEAD + "    zzz: x\n", 4, ".zzz", "Known are name, owner", ""),
    ("unknown key in a log", LOG.replace("path", "pth"), 5, ".logs.app.pth", "no key", "path"),
    ("unknown key of a host", "hosts:\n  a:\n    prt: 1\n", 3, "hosts.a.prt", "no key", "port"),
    (
        "unknown key of transactions",
        LOG.replace("}", ", transactions: {durtion: x}}"),
        5,
        ".logs.app.transactions.durtion",
        "no key",
        "duration",
    ),
    (
        "unknown key of a schedule",
        LOG + "    jobs:\n      j: {log: app, start: x, schedule: {corn: x, cron: 0 1 * * *}}\n",
        7,
        ".jobs.j.schedule.corn",
        "no key",
        "cron",
    ),
    ("key in another case", HEAD + "    Owner: x\n", 4, ".Owner", "no key", "owner"),
    (
        "missing path",
        HEAD + "    logs:\n      app: {history: 1d}\n",
        5,
        ".logs.app.path",
        "missing",
        "",
    ),
    (
        "unknown format",
        LOG.replace("}", ", format: logbak}"),
        5,
        ".logs.app.format",
        "is no format; known are access",
        "logback",
    ),
    ("missing hosts", "applications:\n  shop: {name: x}\n", 2, ".hosts", "missing", ""),
    ("no hosts", "applications:\n  shop: {hosts: []}\n", 2, ".hosts", "at least 1", ""),
    ("list for a section", HEAD + "    logs: [a]\n", 4, ".logs", "keys and values, not a list", ""),
    ("text for a section", HEAD + "    logs: app\n", 4, ".logs", "not one text", ""),
    ("section for a text", HEAD + "    name: {a: b}\n", 4, ".name", "one text, not keys", ""),
    ("list for a text", HEAD + "    name: [a]\n", 4, ".name", "one text, not a list", ""),
    ("nothing", HEAD + "    owner:\n", 4, ".owner", "has no value", ""),
    ("null", HEAD + "    owner: null\n", 4, ".owner", "has no value", ""),
    ("empty text", HEAD + "    owner: ''\n", 4, ".owner", "is empty", ""),
    ("id", "applications:\n  Shop:\n    hosts: a\n", 2, "applications.Shop", "is no id", ""),
    ("id with space", HEAD + "    logs:\n      a b: {path: /x}\n", 5, ".logs.a b", "is no id", ""),
    ("id with dash", "applications:\n  -a: {hosts: b}\n", 2, "applications.-a", "is no id", ""),
    (
        "host option",
        "applications:\n  shop:\n    hosts: [a, -oProxyCommand=x]\n",
        3,
        ".hosts.1",
        "do not begin with a dash",
        "",
    ),
    ("host with $", "applications:\n  shop: {hosts: 'a$(x)'}\n", 2, ".hosts.0", "no host name", ""),
    ("user option", "hosts:\n  a: {user: -x}\n", 2, "hosts.a.user", "no user name", ""),
    ("address option", "hosts:\n  a: {address: -x}\n", 2, "hosts.a.address", "no host name", ""),
    ("port 0", "hosts:\n  a: {port: 0}\n", 2, "hosts.a.port", "greater than or equal to 1", ""),
    ("port word", "hosts:\n  a: {port: ssh}\n", 2, "hosts.a.port", "no whole number", ""),
    ("port hex", "hosts:\n  a: {port: 0x16}\n", 2, "hosts.a.port", "no whole number", ""),
    ("transport", "hosts:\n  a: {transport: shs}\n", 2, "hosts.a.transport", "Known are", "ssh"),
    (
        "relative key file",
        "hosts:\n  a: {identity_file: id}\n",
        2,
        "hosts.a.identity_file",
        "absolute",
        "",
    ),
    ("local host", "hosts:\n  local: {port: 1}\n", 2, "hosts.local.port", "this machine", ""),
    ("relative path", LOG.replace("/var", "var"), 5, ".logs.app.path", "not absolute", ""),
    ("path that climbs", LOG.replace("/var", "/a/.."), 5, ".logs.app.path", "goes up", ""),
    (
        "braces",
        LOG.replace("/var/log/app.log", "'/x/{hst}'"),
        5,
        ".logs.app.path",
        "only {host}",
        "{host}",
    ),
    (
        "zone",
        HEAD + "    timezone: Europe/Londn\n",
        4,
        ".timezone",
        "no time zone",
        "Europe/London",
    ),
    ("zone path", HEAD + "    timezone: ../etc\n", 4, ".timezone", "no time zone", ""),
    ("duration", HEAD + "    every: 1 minute\n", 4, ".every", "no duration", ""),
    ("bare number", HEAD + "    every: 60\n", 4, ".every", "no duration", ""),
    ("too often", HEAD + "    every: 5s\n", 4, ".every", "greater than or equal to 10", ""),
    ("too seldom", HEAD + "    every: 2d\n", 4, ".every", "less than or equal to 86400", ""),
    ("runbook", HEAD + "    runbook: wiki/x\n", 4, ".runbook", "no web address", ""),
    ("script runbook", HEAD + "    runbook: javascript:x\n", 4, ".runbook", "no web address", ""),
    ("password", HEAD + "    runbook: https://u:p@x/\n", 4, ".runbook", "no place for secrets", ""),
    ("flag", LOG.replace("}", ", transactions: yes}"), 5, ".logs.app.transactions", "true", ""),
    (
        "two ways to time",
        LOG.replace("}", ", transactions: {duration: a, pattern: b}}"),
        5,
        ".logs.app.transactions",
        "keep one",
        "",
    ),
    (
        "unit of nothing",
        LOG.replace("}", ", transactions: {pattern: b, unit: s}}"),
        5,
        ".logs.app.transactions",
        "no duration",
        "",
    ),
    (
        "two formats",
        LOG.replace("}", ", format: iso, pattern: '(?P<time>x)(?P<message>y)'}"),
        5,
        ".logs.app",
        "keep one",
        "",
    ),
    ("regex", LOG.replace("}", ", pattern: 'a(b'}"), 5, ".logs.app.pattern", "at position 2", ""),
    (
        "groups",
        LOG.replace("}", ", pattern: '(?P<tme>x)'}"),
        5,
        ".logs.app.pattern",
        "needs the group (?P<time>",
        "time",
    ),
    (
        "no check kind",
        HEAD + "    checks:\n      w: {expect: 200}\n",
        5,
        ".checks.w",
        "not what to check",
        "",
    ),
    (
        "two kinds",
        HEAD + "    checks:\n      w: {unit: a, port: 1}\n",
        5,
        ".checks.w",
        "exactly one",
        "",
    ),
    (
        "stray key",
        HEAD + "    checks:\n      w: {unit: a, expect: 1}\n",
        5,
        ".checks.w",
        "expect does not go with unit",
        "",
    ),
    (
        "shell command",
        HEAD + "    checks:\n      w: {command: rm -rf x}\n",
        5,
        ".checks.w.command",
        "must be a list",
        "",
    ),
    (
        "relative command",
        HEAD + "    checks:\n      w: {command: [x]}\n",
        5,
        ".checks.w",
        "absolute path",
        "",
    ),
    (
        "half a log check",
        LOG + "    checks:\n      w: {log: app, up: x}\n",
        7,
        ".checks.w",
        "both up and down",
        "",
    ),
    (
        "unit option",
        HEAD + "    checks:\n      w: {unit: --all}\n",
        5,
        ".checks.w.unit",
        "no systemd unit",
        "",
    ),
    (
        "url of a check",
        HEAD + "    checks:\n      w: {http: 'ftp://x'}\n",
        5,
        ".checks.w.http",
        "no web address",
        "",
    ),
    (
        "unknown log of a check",
        LOG + "    checks:\n      w: {log: ap, up: x, down: y}\n",
        7,
        ".checks.w.log",
        "has not",
        "app",
    ),
    (
        "unknown log of a job",
        LOG + "    jobs:\n      j: {log: ap, start: x}\n",
        7,
        ".jobs.j.log",
        "has not",
        "app",
    ),
    (
        "unknown log of a change",
        LOG + "    changes:\n      c: {log: ap, pattern: '(?P<label>x)'}\n",
        7,
        ".changes.c.log",
        "has not",
        "app",
    ),
    (
        "host of a log",
        LOG.replace("}", ", hosts: shp-1}"),
        5,
        ".logs.app.hosts",
        "is not",
        "shop-1",
    ),
    (
        "host of a check",
        HEAD + "    checks:\n      w: {unit: a, hosts: [b]}\n",
        5,
        ".checks.w.hosts.0",
        "is not",
        "",
    ),
    ("silent job", LOG + "    jobs:\n      j: {log: app}\n", 7, ".jobs.j", "start or finish", ""),
    (
        "group of a job",
        LOG + "    jobs:\n      j: {log: app, start: '(?P<perod>x)'}\n",
        7,
        ".jobs.j.start",
        "group perod",
        "period",
    ),
    (
        "period",
        LOG + "    jobs:\n      j: {log: app, start: x, period: moth}\n",
        7,
        ".jobs.j.period",
        "Known are day",
        "month",
    ),
    (
        "rerun",
        LOG + "    jobs:\n      j: {log: app, start: x, rerun: nevr}\n",
        7,
        ".jobs.j.rerun",
        "Known are never",
        "never",
    ),
    (
        "rerun of what",
        LOG + "    jobs:\n      j: {log: app, start: x, rerun: never}\n",
        7,
        ".jobs.j",
        "what a run is for",
        "",
    ),
    (
        "deadline",
        LOG + "    jobs:\n      j: {log: app, start: x, deadline: 3:00}\n",
        7,
        ".jobs.j.deadline",
        "no time of day",
        "",
    ),
    (
        "deadline of 24 h",
        LOG + "    jobs:\n      j: {log: app, start: x, deadline: '24:00'}\n",
        7,
        ".jobs.j.deadline",
        "no time of day",
        "",
    ),
    (
        "cron",
        LOG + "    jobs:\n      j: {log: app, start: x, schedule: {cron: 61 * * * *}}\n",
        7,
        ".jobs.j.schedule.cron",
        "Bad minute",
        "",
    ),
    (
        "cron of six",
        LOG + "    jobs:\n      j: {log: app, start: x, schedule: {cron: 0 0 1 * * *}}\n",
        7,
        ".jobs.j.schedule.cron",
        "five fields",
        "",
    ),
    (
        "day",
        LOG
        + "    jobs:\n      j: {log: app, start: x, schedule: {cron: 0 1 * * *, on: lastday}}\n",
        7,
        ".jobs.j.schedule.on",
        "Known are",
        "last-day",
    ),
    (
        "part of a calendar",
        LOG + "    jobs:\n      j: {log: app, start: x, schedule: {cron: 0 1 * * *, "
        "calendar: de-bay}}\n",
        7,
        ".jobs.j.schedule.calendar",
        "no calendar",
        "DE-BY" if codes() else "",
    ),
    (
        "calendar",
        LOG
        + "    jobs:\n      j: {log: app, start: x, schedule: {cron: 0 1 * * *, calendar: uk}}\n",
        7,
        ".jobs.j.schedule.calendar",
        "no calendar",
        "GB" if codes() else "",
    ),
    (
        "unknown job before",
        LOG + "    jobs:\n      j: {log: app, start: x, after: [jj]}\n",
        7,
        ".jobs.j.after.0",
        "nowhere",
        "j",
    ),
    (
        "after itself",
        LOG + "    jobs:\n      j: {log: app, start: x, after: j}\n",
        7,
        ".jobs.j.after",
        "after itself",
        "",
    ),
    (
        "label",
        LOG + "    changes:\n      c: {log: app, pattern: 'v(?P<labl>x)'}\n",
        7,
        ".changes.c.pattern",
        "needs the group",
        "label",
    ),
    (
        "slo name",
        HEAD + "    slos:\n      s: {good: 1-eror, target: 99}\n",
        5,
        ".slos.s.good",
        "uses eror",
        "errors",
    ),
    (
        "slo sum",
        HEAD + "    slos:\n      s: {good: errors -, target: 99}\n",
        5,
        ".slos.s.good",
        "no expression",
        "",
    ),
    (
        "slo code",
        HEAD + "    slos:\n      s: {good: '__import__(1)', target: 99}\n",
        5,
        ".slos.s.good",
        "uses __import__",
        "",
    ),
    (
        "slo target",
        HEAD + "    slos:\n      s: {good: up, target: 100}\n",
        5,
        ".slos.s.target",
        "less than 100",
        "",
    ),
    (
        "key twice",
        HEAD + "    hosts: [b]\n",
        4,
        ".hosts",
        "given twice; the first one is in line 3",
        "",
    ),
    ("tab", "applications:\n\tshop: x\n", 2, "", "not valid YAML", ""),
    ("open bracket", "applications: [\n", 2, "", "not valid YAML", ""),
    ("two documents", "hosts: {}\n---\nhosts: {}\n", 2, "", "second document", ""),
    ("list on top", "- a\n", 1, "", "must hold sections", ""),
    ("a key that is a list", "? [a]\n: b\n", 1, "?", "one plain word", ""),
    ("merge", HEAD + "    <<: {name: x}\n", 4, ".<<", "no key here", ""),
]


@pytest.mark.parametrize(
    ("text", "line", "key", "says", "near"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_problem_names_line_key_and_nearest(
    text: str, line: int, key: str, says: str, near: str
) -> None:
    _, problems = check_texts(Path("x"), {"shop.yaml": text.encode()})
    whole = f"applications.shop{key}" if key.startswith(".") else key
    found = [problem for problem in problems if problem.key == whole and says in problem.message]
    assert len(found) == 1, "\n".join(map(str, problems))
    assert (found[0].file, found[0].line, found[0].nearest) == ("shop.yaml", line, near)
    assert str(found[0]).startswith(f"shop.yaml:{line}:")
    assert ("Did you mean" in str(found[0])) == bool(near)


def test_every_problem_of_every_file_is_told_at_once() -> None:
    texts = {
        "a.yaml": (HEAD + "    ownr: x\n    every: soon\n").encode(),
        "b.yaml": b"hosts: [\n",
        "c.yaml": b"applications:\n  till: {hosts: -x}\n",
    }
    _, problems = check_texts(Path("x"), texts)
    assert {(problem.file, problem.line) for problem in problems} >= {
        ("a.yaml", 4),
        ("a.yaml", 5),
        ("b.yaml", 2),
        ("c.yaml", 2),
    }


def test_an_id_in_two_files_names_both_places() -> None:
    texts = {"a.yaml": HEAD.encode(), "b.yaml": ("# second\n" + HEAD).encode()}
    _, problems = check_texts(Path("x"), texts)
    assert [(each.file, each.line, each.key) for each in problems] == [
        ("b.yaml", 3, "applications.shop")
    ]
    assert "a.yaml:2" in problems[0].message


def test_a_wrong_value_hides_no_wrong_reference() -> None:
    text = LOG.replace("/var", "var") + "    jobs:\n      j: {log: none, start: x}\n"
    _, problems = check_texts(Path("x"), {"a.yaml": text.encode()})
    assert {each.key for each in problems} == {
        "applications.shop.logs.app.path",
        "applications.shop.jobs.j.log",
    }


def test_jobs_that_wait_for_each_other_are_told_once() -> None:
    jobs = "    jobs:\n      a: {log: app, start: x, after: c}\n"
    jobs += "      b: {log: app, start: x, after: a}\n"
    texts = {
        "a.yaml": (LOG + jobs + "      c: {log: app, start: x, after: [shop/b, d]}\n").encode(),
        "b.yaml": b"# nothing\n",
    }
    _, problems = check_texts(Path("x"), texts)
    circles = [each for each in problems if "waits for itself" in each.message]
    assert [(each.line, each.key) for each in circles] == [(7, "applications.shop.jobs.a.after")]
    assert "shop/a after shop/c after shop/b after shop/a" in circles[0].message
