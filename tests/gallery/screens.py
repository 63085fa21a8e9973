"""Every screen in every state, made of the examples of the tests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from psbuddy.insight.path import Down, Kind, down_words, reason
from psbuddy.model.terms import State
from psbuddy.store.errors import StoreDamaged, StoreError, StoreNewer, StoreNotWritable
from tests.support import dashboards
from tests.ui import samples
from ui.engine_events import HostKeyQuestion, LoginWanted, SecretQuestion
from ui.hostkey import HostKeyDialog
from ui.login import LoginDialog
from ui.login_desk import wanted_words
from ui.pages.application.page import ApplicationPage
from ui.pages.broken.page import BrokenPage
from ui.pages.broken.view import store_view
from ui.pages.fleet.data import Fleet
from ui.pages.host.page import HostPage
from ui.pages.start.page import StartPage
from ui.pages.start.wizard import WizardPage
from ui.theme import Theme
from ui.window import MainWindow

Make = Callable[[Theme], QWidget]


@dataclass(frozen=True, slots=True)
class Screen:
    name: str  # also the file name
    make: Make


class _Window(MainWindow):
    """The whole window at the moment of the examples, which tells no time by itself."""

    def _now(self) -> int:
        return int(samples.NOW)


class _Answers:
    """A reader that answers every question at once with `value`."""

    def __init__(self, value: object) -> None:
        self._value = value

    def ask(
        self, key: str, function: object, done: Callable[[Any], None], *_: Any, **__: Any
    ) -> None:
        done(self._value)


class _Host:
    """An engine whose hosts answer at once with `reply`, or not at all."""

    def __init__(self, reply: Mapping[str, Any] | None) -> None:
        self._reply = reply

    def discover(self, host: str, done: Callable[[Any], None], folders: Sequence[str]) -> bool:
        if self._reply is not None:
            done(self._reply)
        return True


class _Silent:
    """A reader that never answers: the waiting state."""

    def ask(self, *args: object, **kwargs: object) -> None:
        return

    def forget(self, key: str) -> None:
        return


def screens() -> tuple[Screen, ...]:
    """Every screen in every state."""
    return (*_fleet(), *_application(), *_others())


def _fleet() -> Iterator[Screen]:
    loud = samples.loud()
    yield Screen("fleet", _window(loud))
    yield Screen("fleet-twelve", _window(samples.fleet(12)))
    yield Screen("fleet-forty", _window(samples.fleet(40)))
    yield Screen("fleet-many", _window(samples.fleet(120)))
    yield Screen("fleet-stale", _window(samples.shifted(loud, samples.NOW - 7 * 3600)))
    yield Screen("fleet-collecting", _window(loud, _progress))
    yield Screen("fleet-engine-stopped", _window(loud, _stopped))
    yield Screen("fleet-catalogue-mistake", _window(loud, _mistake))
    yield Screen("fleet-login-wanted", _window(loud, _login_wanted))
    yield Screen("fleet-path-down", _path_down)
    yield Screen("fleet-jump", _window(samples.fleet(40), lambda window: window.open_jump()))


def _path_down(theme: Theme) -> QWidget:
    """All that was seen of four in five applications is behind a jump host that is gone."""
    jump = Down(Kind.JUMP, "edge-1", 0.0, frozenset(f"h{n}" for n in range(34)), whole=False)
    since, told = samples.NOW - 1_080, reason(jump).removeprefix("Path down: ")
    lost = {
        status.app: replace(
            status,
            state=State.UNKNOWN,
            since=since,
            last_collection=since,
            headline="Path down since 15:42",
            sentence=f"Path down since 15:42. {told[:1].upper()}{told[1:]} {status.app}-app-1 and "
            f"{status.app}-app-2 cannot be seen; nothing says they are down.",
            hosts_seen=0,
        )
        for number, status in enumerate(samples.fleet(12))
        if number % 5
    }
    statuses = tuple(lost.get(status.app, status) for status in samples.fleet(12))

    def tell(window: MainWindow) -> None:
        window.notice.tell(down_words(jump, len(lost)))

    return _window(statuses, tell)(theme)


def _window(statuses: Any, after: Callable[[MainWindow], None] | None = None) -> Make:

    def make(theme: Theme) -> QWidget:
        window = _Window(theme)
        seen = samples.hosts()
        window.show_fleet(Fleet(statuses, seen, samples.NOW))
        window.show_page("fleet")
        if after is not None:
            after(window)
        return window

    return make


def _in_window(name: str, page_of: Callable[[Theme], QWidget]) -> Make:
    """A page in the whole window, as the user meets it."""

    def put(window: MainWindow) -> None:
        window.add_page(name, page_of(window.theme))
        window.show_page(name)

    empty = name in ("start", "broken")
    return _window(() if empty else samples.loud(), put)


def _progress(window: MainWindow) -> None:
    window.bar.progress.setText("reading led-app-1 · 43 %")


def _stopped(window: MainWindow) -> None:
    sentence = (
        "Collection stopped, what you see grows old. The engine ended with status 1. "
        "It is started again in 10 s."
    )
    window.notice.tell(sentence, "Start now")


def _mistake(window: MainWindow) -> None:
    sentence = (
        "The catalogue has a mistake; the last good one stays in force. "
        "shop.yaml, line 12: intervall is no key here. Did you mean interval?"
    )
    window.notice.tell(sentence, "Open its folder")


def _login_wanted(window: MainWindow) -> None:
    wants = "the passphrase of /home/ops/.ssh/id_ed25519"
    hosts = ("led-app-1", "led-app-2", "led-db-1", "shop-app-1", "shop-app-2")
    wanted = tuple(LoginWanted(host, wants, wants) for host in hosts)
    window.notice.tell(wanted_words(wanted), "Log in")


def _application() -> Iterator[Screen]:
    for name, build in dashboards.CASES.items():
        yield Screen(f"application-{name}", _dashboard(build))
    yield Screen("application-crosshair", _dashboard(dashboards.dashboard, _point_and_choose))
    yield Screen("application-waiting", _page(dashboards.NOW, lambda page: None))
    yield Screen(
        "application-failed",
        _page(dashboards.NOW, lambda page: page.show_failure("database disk image is malformed.")),
    )


def _dashboard(
    build: Callable[[], Any], after: Callable[[ApplicationPage], None] | None = None
) -> Make:
    def make(theme: Theme) -> QWidget:
        shown = build()
        # A reader of its own: what is chosen asks for more, which does not come.
        page = ApplicationPage(theme, _Silent(), clock=lambda: shown.now, zone="UTC")
        page.show_value(shown)
        page.body.build_all()
        if after is not None:
            after(page)
        return page

    return make


def _point_and_choose(page: ApplicationPage) -> None:
    page.body.set_highlight("c0")
    page.link.point(page.link.since + 0.985 * page.link.span)


class _Failing:
    """A reader that cannot read."""

    def ask(
        self,
        key: str,
        function: object,
        done: Callable[[Any], None],
        failed: Callable[[str], object],
        *_: Any,
        **__: Any,
    ) -> None:
        failed("The store cannot be read at this moment (disk I/O error).")


def _page(now: int, after: Callable[[ApplicationPage], None]) -> Make:
    def make(theme: Theme) -> QWidget:
        page = ApplicationPage(theme, _Silent(), clock=lambda: now, zone="UTC")
        page.body.build_all()
        page.open_app("shop", "Web shop")
        after(page)
        return page

    return make


def _others() -> Iterator[Screen]:
    yield Screen("hosts", _in_window("hosts", _hosts))
    yield Screen("hosts-login-wanted", _in_window("hosts", _hosts_wanting))
    yield Screen("hosts-by-day", _in_window("hosts", _hosts_by_day))
    yield Screen("hosts-reading", _in_window("hosts", partial(_hosts_of, _Silent())))
    yield Screen("hosts-unread", _in_window("hosts", partial(_hosts_of, _Failing())))
    yield Screen("hosts-nobody", _in_window("hosts", _hosts_nobody))
    yield Screen("start", _in_window("start", StartPage))
    found = samples.found()
    yield Screen("wizard-found", _in_window("wizard", partial(_wizard, found, "")))
    yield Screen("wizard-looking", _in_window("wizard", partial(_wizard, None, "")))
    nothing = found | {"logs": []}
    yield Screen("wizard-nothing", _in_window("wizard", partial(_wizard, nothing, "/opt/shop/log")))
    refused = {"host": found["host"], "message": "led-app-1 did not answer on port 22 in 10 s."}
    yield Screen("wizard-no-answer", _in_window("wizard", partial(_wizard, refused, "")))
    for name, error in _broken_stores():
        yield Screen(f"broken-{name}", _in_window("broken", partial(_broken, error)))
    yield Screen("host-key", partial(_host_key, False))
    yield Screen("host-key-changed", partial(_host_key, True))
    for name, question in _logins():
        yield Screen(f"login-{name}", partial(_login, question))


def _wizard(reply: Mapping[str, Any] | None, place: str, theme: Theme) -> QWidget:
    engine: Any = _Host(reply)
    worker: Any = _Silent()
    page = WizardPage(theme, engine, worker, Path("/home/ops/.config/psbuddy"))
    page.look_at("led-app-1", place)
    return page


def _hosts(theme: Theme) -> QWidget:
    return _hosts_of(_Answers(samples.known()), theme)


def _hosts_of(reader: Any, theme: Theme) -> HostPage:
    page = HostPage(theme, reader, clock=lambda: samples.NOW)
    page.show_hosts(samples.every_host(), samples.NOW)
    page.show_host("led-app-1")
    return page


def _hosts_by_day(theme: Theme) -> QWidget:
    page = _hosts_of(_Answers(samples.known()), theme)
    page.show_days()
    return page


def _hosts_nobody(theme: Theme) -> QWidget:
    silent: Any = _Silent()
    page = HostPage(theme, silent)
    page.show_hosts(())
    return page


def _hosts_wanting(theme: Theme) -> QWidget:
    page = _hosts(theme)
    assert isinstance(page, HostPage)
    page.set_wanting({"led-app-1": "the passphrase of /home/ops/.ssh/id_ed25519"})
    return page


def _broken_stores() -> Iterator[tuple[str, StoreError]]:
    """Errors as the store itself words them."""
    path = "/home/ops/.local/share/psbuddy/psbuddy.db"
    yield (
        "newer",
        StoreNewer(
            f"The store {path} was written by PS Buddy 3.1, newer than this one (1.0). Install "
            "that version or a later one, or name another store with --db. Nothing was changed."
        ),
    )
    yield (
        "damaged",
        StoreDamaged(
            f"The store {path} is damaged (database disk image is malformed). Restore it from a "
            "backup, or move it away and let PS Buddy begin a new one."
        ),
    )
    yield (
        "not-writable",
        StoreNotWritable(
            f"The store {path} may only be read by you. Ask for write access to collect into it, "
            "or choose another place with --db; looking works as it is."
        ),
    )


def _broken(error: StoreError, theme: Theme) -> QWidget:
    page = BrokenPage(theme)
    page.show_view(store_view(error))
    return page


def _host_key(changed: bool, theme: Theme) -> QWidget:
    question = HostKeyQuestion(
        host="led-app-1",
        address="10.20.4.17",
        key_type="ssh-ed25519",
        fingerprint="SHA256:2uKXbVdkQ0yVYEtG7m4vG0F5c3ZP1mT0Qk9wJrL8s4E",
        changed=changed,
        known="SHA256:9fPq0mB8yN3sTzYhVtW1kD5uXeRcA7gLiJ2oQwE6v8M" if changed else "",
        detail="",
        place="/home/ops/.ssh/known_hosts, line 14" if changed else "",
    )
    return HostKeyDialog(question, theme, None)


def _logins() -> Iterator[tuple[str, SecretQuestion]]:
    question = SecretQuestion(
        number=1,
        host="led-app-1",
        place="led-app-1 (10.20.4.17)",
        user="ops",
        fingerprint="SHA256:2uKXbVdkQ0yVYEtG7m4vG0F5c3ZP1mT0Qk9wJrL8s4E",
        kind="passphrase",
        heading="That was not its passphrase.",
        prompts=(("Passphrase of /home/ops/.ssh/id_ed25519", False),),
        keeps=("no", "session", "keyring"),
    )
    yield "passphrase", question
    password = replace(question, kind="password", heading="", prompts=(("Password:", False),))
    yield "password", replace(password, place="bastion-1 (10.20.0.4 port 2222)")
    yield (
        "answers",
        replace(
            password,
            kind="answers",
            heading="Access to production is recorded. Have your token ready.",
            prompts=(("Login name at the bank:", True), ("Verification code:", False)),
            keeps=(),
        ),
    )


def _login(question: SecretQuestion, theme: Theme) -> QWidget:
    return LoginDialog(question, theme, None)
