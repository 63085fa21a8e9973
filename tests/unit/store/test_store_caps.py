from psbuddy.store.caps import cap


def test_long_text_is_cut_and_shows_it() -> None:
    assert cap("x" * 500, 10) == "x" * 9 + "…"
    assert cap("short", 10) == "short"


def test_control_characters_and_broken_unicode_become_visible() -> None:
    assert cap("a\x00b\x1b[31m\udcffc") == "a�b�[31m�c"
    assert cap("line\n\tat frame", 100) == "line\n\tat frame"
