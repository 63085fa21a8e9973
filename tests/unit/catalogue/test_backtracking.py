"""Patterns that hang a matcher are told from those that only look like it."""

import re

import pytest

from psbuddy.catalogue.backtracking import explodes

EXPLODE = [
    r"(a+)+", r"(a+)*b", r"(a*)*b", r"(a*)+$", r"(\w+)+$", r"(\w+\s?)*$", r"(\d+)*x", r"(.*)*x",
    r"(.*,)*x", r"(.+)+;", r"(a|a?)+$", r"(a|ab|b)*c", r"(\d+|[0-9a-f]+)*z", r"((a*)*)*x",
    r"^(([a-z])+.)+[A-Z]([a-z])+$", r"(a*b?)*c", r"(x+x+)+y", r"([a-zA-Z]+)*$", r"(.|\s)*$",
    r"(\w*)+$", r"(a{1,20}){1,20}$", r"(a?){40}a{40}", r"([^/]+/?)+$", r"(\s*\S+\s*)*x",
    r"(?:[a-z]+|[a-f]+\d?)+;", r"^(\S+ ?)+$", r"(-?\d+,?)*]", r"((\w+)\.?)+@", r"(\[?\d*\]?)*!",
    r"(?i)(A|a+)+!", r"(0|00)*1", r"(ab|a|b)*!", r"(?:\s+|x|\s)*y", r"(?:(?:a+)b?)*c",
    r"(?=(a+)+$)x", r"(?:a+){2,}$", r"(?:\w+-?){3,}!", r"(\W*\w*)*!", r"(?:[ab]+c?)*d",
    r"(?:(?P<k>\w+)=(?P<v>\w*);?)+$", r"(?:ab|a|b|ba)*$", r"(\"?[^\"]*\"?)+;", r"(?:.{2}|.{3})*x",
    r"(?:(?:a|b)|[ab])*c", r"(?:(?:ab|ab)c)*d", r"(?:[\w.]+\.?)+ ",
    r"(?:\[.*?\])*\]", r"(?:(?:\w+\.)*\w+)*@",
    r"(?:(?:)a*)*b", r"(?:x(?:y+)*)*z", r"(([0-9])+.?)+Z", r"(a|(b|(a)))*!", r"(\t*[^,]*,?)*;",
    r"(?:(\d)|(\w))*!", r"(?:foo|fo*)+bar",
]  # fmt: skip

HARMLESS = [
    r"MONTH CLOSE started period=(?P<period>\d{4}-\d{2})", r"(\w+\s)*", r"(.*) took (.*) ms",
    r"(?:\d{1,3}\.){3}\d{1,3}", r"(a|b)*", r'("[^"]*"|[^"\s]+)(\s("[^"]*"|[^"\s]+))*',
    r"^(?P<time>\S+ \S+) +(?P<level>[A-Z]+) (?P<message>.*)$", r"(\d{4}-)*", r"(ab|cd)*",
    r"(\s*,\s*\w+)*", r"(?:[a-z]+\.)+[A-Z]\w*Exception", r"(?:/[^/\s]+)+", r"(?:\w+=\d+ )*end",
    r"^\[[^\]]*\] (?:\[[^\]]*\] )*", r"records=(?P<volume>\d+(?:,\d{3})*)", r"(?:ab+c)*",
    r"a{3,500}",
    r"(?!x)y+", r"(a)\1+", r"(x)?(?(1)y|z)*", r"(?:ERROR|WARN|INFO)+", r"(?s:.*)end", r"",
    r"(?:\[[^\]]+\] ?){2,4}(?P<level>\w+)", r"(?P<level>FATAL|ERROR|WARN(?:ING)?|INFO)\b",
    r"(?:host=\S+ )?(?:user=\S+ )?level=(?P<level>\w+)", r"(?:[^,]*,){3}(?P<level>[A-Z]+),",
    r"(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}) (?P<level>\w+)", r"(?:a?|b?)c", r"(?:x|y?)+z",
    r"(?:\s|\t)*x", r"(?:x|[xy]|y)+;", r"(?P<level>\S+)(?: \S+){0,3} --- ",
    r".{0,40}?(?P<level>ERROR|WARN)",
    r"(?:é|[^é])*", r"(?:[\x00-\x7f]|[^\x00-\x7f])*",
]  # fmt: skip


def test_there_are_fifty_that_explode() -> None:
    assert len(set(EXPLODE)) == len(EXPLODE) >= 50


@pytest.mark.parametrize("pattern", EXPLODE)
def test_an_exploding_pattern_is_found(pattern: str) -> None:
    re.compile(pattern)
    assert explodes(pattern)


@pytest.mark.parametrize("pattern", HARMLESS)
def test_a_harmless_pattern_is_let_pass(pattern: str) -> None:
    re.compile(pattern)
    assert not explodes(pattern)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("(a|b)*" * 160, False),
        ("(" * 60 + "a" + ")*" * 60, True),
        ("(?:a?b?)" * 120, False),
        (f"(?:{'|'.join(f'word{number}' for number in range(110))})*x", True),  # not provable
    ],
)
def test_a_long_pattern_is_judged_without_exploding_itself(pattern: str, expected: bool) -> None:
    re.compile(pattern)
    assert explodes(pattern) is expected
