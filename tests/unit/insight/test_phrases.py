"""One sequence of words for what a statement says of one or of many."""

import pytest

from psbuddy.insight.phrases import plain_phrases


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("copied <*> files", "copied <*> file"),
        ("<*> entries were kept", "<*> entry was kept"),
        ("<*> processes of <*> status", "<*> process of <*> status"),
        ("files <*> was lost", "files <*> was lost"),
        ("dropped tax_id, sum_total and day_no of <*>", "dropped <*> of <*>"),
        ("sent to <*>, <*> and <*>", "sent to <*>"),
        ("may read, write and list", "may <*>"),
        ("disk full, retrying", "disk full retrying"),
        ("callA,callB,uid = <*>", "callA callB uid <*>"),
        ("on=TO_GO, actionKey=<*>", "on TO_GO actionKey <*>"),
        ("paid USD <*> or <*> EUR", "paid <*>"),
        ("at <*> °C now", "at <*> now"),
        ("rate EUR/USD is <*>", "rate EUR/USD is <*>"),
        ("report 'Sales of the Year' was sent", "report Sales of the Year was sent"),
        ('it said: "Disk Full"', "it said Disk Full"),
        ("of Kestrel Partners lost", "of Kestrel Partners lost"),
        ("peer has closed it in=<*>, out=<*>", "peer has closed it"),
        ("state in=<*> out=<*>", "state in <*> out <*>"),
        ("imap(<*>)<<*>>: gone", "imap <*> gone"),
        ("", ""),
    ],
)
def test_what_is_left(template: str, words: str) -> None:
    assert " ".join(word for word, _ in plain_phrases(template)) == words


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("report 'Sales of the Year' was sent", "Sales of the Year"),
        ("trade with ACME Capital LLC booked", "ACME Capital LLC"),
        ("service Print Spooler stopped", "Print Spooler"),
    ],
)
def test_a_name_of_several_words_is_one_word(template: str, name: str) -> None:
    assert name in [word for word, _ in plain_phrases(template)]


@pytest.mark.parametrize(
    "template",
    ["error 'Connection Reset by peer' seen", "it said: 'Disk Full'", 'request: "GET <*> HTTP"'],
)
def test_what_is_said_in_quotes_is_no_name(template: str) -> None:
    assert not [word for word, _ in plain_phrases(template) if " " in word]
