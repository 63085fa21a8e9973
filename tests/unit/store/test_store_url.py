from pathlib import Path

import pytest

from psbuddy.store.errors import StoreUrlError
from psbuddy.store.url import path_of


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/data/a.db", Path("/data/a.db")),
        ("sqlite:////data/a.db", Path("/data/a.db")),
        ("sqlite:///a.db", Path.cwd() / "a.db"),
        ("a b?.db", Path.cwd() / "a b?.db"),
    ],
)
def test_files_are_understood(url: str, path: Path) -> None:
    assert path_of(url) == path


def test_the_tilde_is_the_home_folder() -> None:
    assert path_of("~/a.db") == Path.home() / "a.db"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "No store was named"),
        ("postgresql+psycopg://db/x", "'postgresql+psycopg' stores are not supported"),
        ("sqlite:///:memory:", "names no file"),
        (":memory:", "Give a path"),
        ("a\x00b", "characters that no file name can have"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(url: str, words: str) -> None:
    with pytest.raises(StoreUrlError, match=words.replace("+", r"\+")):
        path_of(url)
