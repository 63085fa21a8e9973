"""Prompts in the server's own words: codes, several rounds, strange servers."""

import threading
import time
from pathlib import Path

import pytest

from collectors.bounded import Watchdog
from collectors.errors import AuthError, CollectError, LoginWantedError
from collectors.held import Held, HeldAsker, PersonAsker
from collectors.known_hosts import KnownHostsFiles
from collectors.secret import Asker, Keep, Kind, Secret, SecretQuestion, Waiting
from collectors.ssh_config import Route
from collectors.transport.ssh import SshTransport
from collectors.transport.ssh_userauth import Userauth
from tests.support.askers import Person
from tests.support.challenge import HALF, Script, asking
from tests.support.hosts import soon

PASSWORD = ("", "", (("Password: ", False),))
CODE = ("", "", (("Verification code: ", False),))


def log_in(way: Route, asker: Asker, folder: Path) -> None:
    watchdog = Watchdog()
    transport = SshTransport(way, KnownHostsFiles(folder / "own"), watchdog, asker=asker)
    try:
        transport.open(soon()).close()
    finally:
        transport.abort()
        watchdog.stop()


def refused(way: Route, asker: Asker, folder: Path) -> CollectError:
    with pytest.raises(CollectError) as caught:
        log_in(way, asker, folder)
    return caught.value


def test_a_password_and_then_a_code(tmp_path: Path) -> None:
    script = Script(rounds=[(PASSWORD, ("open",)), (CODE, ("123456",))])
    person = Person("open", "123456", keep=Keep.SESSION)
    with asking(script, tmp_path) as way:
        log_in(way, person, tmp_path)
        assert [q.kind for q in person.asked] == [Kind.PASSWORD, Kind.ANSWERS]
        assert person.asked[1].name == ""
        # Half of the way in is no way in: nothing is held, and nobody is asked unattended.
        error = refused(way, HeldAsker(person.held), tmp_path)
    assert isinstance(error, LoginWantedError)
    assert script.seen == ["keyboard-interactive"]


@pytest.mark.parametrize(
    "prompts",
    [
        (("Verification code: ", False),),
        (("Password + OTP: ", False),),
        (("One-time password (OATH) for ops: ", False),),
        (("Enter your new password: ", False),),
        (("Password: ", True),),
        (("User: ", True), ("Password: ", False)),
        (("Passcode or option (1-3): ", False),),
    ],
)
def test_what_is_no_lone_password_is_never_held(
    tmp_path: Path, prompts: tuple[tuple[str, bool], ...]
) -> None:
    answers = ("x",) * len(prompts)
    script = Script(rounds=[(("", "", prompts), answers)])
    person = Person(answers, keep=Keep.SESSION)
    with asking(script, tmp_path) as way:
        log_in(way, person, tmp_path)
        assert [q.name for q in person.asked] == [""]
        assert [p.text for p in person.asked[0].prompts] == [text.strip() for text, _ in prompts]
        assert isinstance(refused(way, HeldAsker(person.held), tmp_path), LoginWantedError)


def test_a_lone_password_is_held(tmp_path: Path) -> None:
    script = Script(rounds=[(("", "Welcome", (("ops@asks's password: ", False),)), ("open",))])
    person = Person("open", keep=Keep.SESSION)
    with asking(script, tmp_path) as way:
        log_in(way, person, tmp_path)
        assert person.asked[0].heading == "Welcome"
        log_in(way, HeldAsker(person.held), tmp_path)


def test_a_held_password_meets_a_server_that_now_wants_a_code(tmp_path: Path) -> None:
    script = Script(rounds=[(PASSWORD, ("open",))])
    person = Person("open", keep=Keep.SESSION)
    with asking(script, tmp_path) as way:
        log_in(way, person, tmp_path)
        script.rounds.append((CODE, ("1",)))
        error = refused(way, HeldAsker(person.held), tmp_path)
        assert isinstance(error, LoginWantedError)
        assert 'an answer to "Verification code:"' in str(error)
        log_in(way, Person("1", held=person.held), tmp_path)  # it was not wrong: still held


def test_rounds_without_a_prompt_are_passed(tmp_path: Path) -> None:
    script = Script(rounds=[(("Note", "Be careful", ()), ()), (CODE, ("1",))])
    person = Person("1")
    with asking(script, tmp_path) as way:
        log_in(way, person, tmp_path)
    assert len(person.asked) == 1


def test_a_password_and_then_prompts_as_two_steps(tmp_path: Path) -> None:
    script = Script(
        methods="password",
        password="open",
        after_password=HALF,
        then="keyboard-interactive",
        rounds=[(CODE, ("1",))],
    )
    person = Person("open", "1", keep=Keep.SESSION)
    with asking(script, tmp_path) as way:
        log_in(way, person, tmp_path)
        error = refused(way, HeldAsker(person.held), tmp_path)
    assert isinstance(error, LoginWantedError)
    assert script.seen == ["password", "keyboard-interactive", "password"]


def test_prompts_that_are_offered_and_not_there_lead_to_the_password(tmp_path: Path) -> None:
    script = Script(methods="keyboard-interactive,password", password="open")
    with asking(script, tmp_path) as way:
        log_in(way, Person("open"), tmp_path)
    assert script.seen == ["keyboard-interactive", "password"]


def test_a_server_that_lets_everybody_in(tmp_path: Path) -> None:
    with asking(Script(lets_in=True), tmp_path) as way:
        log_in(way, HeldAsker(Held()), tmp_path)


def test_a_server_that_wants_what_we_cannot_give(tmp_path: Path) -> None:
    with asking(Script(methods="hostbased"), tmp_path) as way:
        error = refused(way, Person(), tmp_path)
    assert isinstance(error, AuthError)
    assert "wants hostbased" in str(error)


def test_a_server_that_hangs_up_has_refused_what_was_sent(tmp_path: Path) -> None:
    script = Script(methods="password", password="new", hangs_up=True)
    held = Held()
    person = Person("new", held=held, keep=Keep.SESSION)
    with asking(script, tmp_path) as way:
        log_in(way, person, tmp_path)
        script.password = "newer"
        error = refused(way, HeldAsker(held), tmp_path)
        assert error.needs_person
        assert isinstance(refused(way, HeldAsker(held), tmp_path), LoginWantedError)
    assert script.seen == ["password", "password"]


@pytest.mark.parametrize(
    "strange",
    [
        (("\x1b[2J\x07Code\u202e: " + "x" * 5000, False),),
        tuple((f"prompt {number}", False) for number in range(5000)),
    ],
    ids=["steering", "very many"],
)
def test_strange_prompts_do_no_harm(tmp_path: Path, strange: tuple[tuple[str, bool], ...]) -> None:
    script = Script(rounds=[(("\x1b]0;t\x07", "\r\n\x00", strange), ("1",))])
    person = Person("1")
    with asking(script, tmp_path) as way:
        if len(strange) == 1:
            log_in(way, person, tmp_path)
            question = person.asked[0]
            assert all(text.isprintable() for text in (question.heading, question.prompts[0].text))
            assert len(question.prompts[0].text) <= 500
        else:
            assert isinstance(refused(way, person, tmp_path), CollectError)
            assert person.asked == []


def test_somebody_who_is_asked_is_released_when_the_server_hangs_up(tmp_path: Path) -> None:
    script = Script(rounds=[(CODE, ("1",))])
    asked = threading.Event()

    def put(question: SecretQuestion, until: float, wanted: object) -> None:
        asked.set()
        assert Waiting(question).wait(until, wanted) is None

    caught: list[CollectError] = []
    watchdog = Watchdog()
    with asking(script, tmp_path) as way:
        person = PersonAsker(Held(), put, caught.append)
        transport = SshTransport(way, KnownHostsFiles(tmp_path / "own"), watchdog, asker=person)

        def opening() -> None:
            try:
                transport.open(time.monotonic() + 3600)
            except CollectError as error:
                caught.append(error)

        thread = threading.Thread(target=opening)
        thread.start()
        assert asked.wait(20)
        transport.abort()
        thread.join(10)
        assert not thread.is_alive()
    watchdog.stop()
    assert len(caught) == 1


def test_a_secret_shows_itself_to_nobody() -> None:
    import copy
    import json
    import pickle

    secret = Secret("open sesame")
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>20}", repr([secret])]
    assert not any("sesame" in each for each in shown)
    for leak in (pickle.dumps, json.dumps, copy.copy, copy.deepcopy, vars):
        with pytest.raises(TypeError):
            leak(secret)
    assert Secret.of("a\ud800") is None
    assert Secret.of("x" * 5000) is None
    assert Secret.of(17) is None


def test_whatever_breaks_a_held_secret_is_free_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Script(methods="password", password="open")
    person = Person("open", keep=Keep.SESSION)
    held = person.held
    with asking(script, tmp_path) as way:
        log_in(way, person, tmp_path)
        monkeypatch.setattr("collectors.held._TRUSTED_SECONDS", 0.0)
        with monkeypatch.context() as broken:
            broken.setattr(Userauth, "by_password", lambda *_: 1 // 0)
            with pytest.raises(ZeroDivisionError):
                log_in(way, HeldAsker(held), tmp_path)
        log_in(way, HeldAsker(held), tmp_path)
