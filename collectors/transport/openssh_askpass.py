"""What a held `ssh` wants to know, asked through SSH_ASKPASS and answered through a pipe.

ssh starts a tiny program that leaves the prompt as a file and waits at a FIFO for one line. Both
lie in a folder that only we may enter; the answer is never a file, an argument or a variable.
Whoever has no answer ends ssh, because ssh would send an empty one.
"""

import contextlib
import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

from collectors.bounded import SLICE_SECONDS
from collectors.secret import Asker, Kind, Prompt, Secret, SecretQuestion
from collectors.ssh_config import Route
from collectors.transport.openssh_files import ShownKey
from collectors.transport.prompts import is_about_a_new_one, is_lone_password
from collectors.transport.ssh_keyfile import KeyFiles, LockedError, UnusableError
from collectors.transport.trust import known_name

_PROMPT_CAP = 500
_USER_CAP, _HOST_CAP = 30, 128
_PASSPHRASE = re.compile(r"Enter passphrase for (?:\S+ )?key '(?P<file>.+)': ?")
_PASSWORD = re.compile(r"(?P<user>[^@\s]+)@(?P<host>\S+)'s password: ?")
_PROMPTED = re.compile(r"\((?P<user>[^@\s]+)@(?P<host>[^)\s]+)\) (?P<text>.*)", re.DOTALL)


class Askpass:
    """Answers the prompts of one ssh, on a thread of its own, until `stop`."""

    def __init__(
        self,
        route: Route,
        asker: Asker,
        folder: Path,
        shown: Callable[[], tuple[ShownKey, ...]],
        *,
        fingerprint: Callable[[str], str],
        key_files: KeyFiles,
    ) -> None:
        self.unanswered: SecretQuestion | None = None
        self.expired = ""  # whose password must be changed first
        self._route = route
        self._asker = asker
        self._folder = folder
        self._shown = shown
        self._fingerprint = fingerprint
        self._key_files = key_files
        self._asked: dict[SecretQuestion, bool | None] = {}  # with what is known of the answer
        self._over = threading.Event()
        self._until = 0.0
        self._give_up: Callable[[], None] = lambda: None
        self._thread = threading.Thread(target=self._run, name="askpass", daemon=True)

    @property
    def has_answered(self) -> bool:
        return bool(self._asked)

    def start(self, until: float, give_up: Callable[[], None]) -> None:
        """`give_up` ends ssh."""
        self._until, self._give_up = until, give_up
        self._thread.start()

    def stop(self, *, right: bool | None) -> None:
        """The login is over; whether it was good tells of what was answered.

        Of a passphrase its key file tells: the server may refuse a key that it opens.
        """
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()
        for question, known in self._asked.items():
            self._asker.told(question, right=right if known is None else known)
        self._asked.clear()

    def _run(self) -> None:
        prompt = self._folder / "prompt"
        while not self._over.wait(SLICE_SECONDS):
            with contextlib.suppress(FileNotFoundError):
                text = prompt.read_text(errors="replace")[:_PROMPT_CAP]
                prompt.unlink()
                self._answer(self._question(text))

    def _answer(self, question: SecretQuestion) -> None:
        words = question.prompts[0].text
        if self._asked and is_about_a_new_one(words):
            self.expired = f"{question.user} on {question.place}"
            self._give_up()
            return
        again = question.name and any(question.name == each.name for each in self._asked)
        values = None if again else self._asker.ask(question, self._until, self._wanted)
        if values is None and self._over.is_set():
            return
        if values is None:
            self.unanswered = question
            self._give_up()
            return
        self._asked[question] = None
        line = values[0].reveal().encode() + b"\n"
        (self._folder / "given").touch(0o600)
        descriptor = os.open(self._folder / "answer", os.O_RDWR | os.O_NONBLOCK)
        try:
            os.write(descriptor, line)
            self._wait_until_read(descriptor)
        finally:
            os.close(descriptor)
        self._asked[question] = self._opens(question, values[0])

    def _opens(self, question: SecretQuestion, passphrase: Secret) -> bool | None:
        """Whether it is the right one; None for what no file can tell."""
        if question.kind is not Kind.PASSPHRASE:
            return None
        try:
            self._key_files.load(Path(question.name.partition(" ")[2]), passphrase)
        except LockedError:
            return False
        except UnusableError:  # a kind of key that only ssh can use
            return None
        return True

    def _wait_until_read(self, descriptor: int) -> None:
        """What is in a pipe is lost when its last end closes."""
        import fcntl  # noqa: PLC0415 - not on every platform
        import termios  # noqa: PLC0415

        while time.monotonic() < self._until and not self._over.is_set():
            if fcntl.ioctl(descriptor, termios.FIONREAD, b"\0" * 4) == b"\0" * 4:
                return
            self._over.wait(SLICE_SECONDS / 10)

    def _wanted(self) -> bool:
        return not self._over.is_set()

    def _question(self, text: str) -> SecretQuestion:
        words = "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
        passphrase, password = _PASSPHRASE.fullmatch(text), _PASSWORD.fullmatch(text)
        prompted = _PROMPTED.fullmatch(text)
        match = password or prompted
        hop = hop_of(self._route, match["user"], match["host"]) if match else self._route
        print_ = self._print_of(hop)
        account = f"password {hop.user}@{hop.hostname} port {hop.port} {print_}" if print_ else ""
        kind, wants, name = Kind.ANSWERS, f'an answer to "{words}"', ""
        if passphrase is not None:
            kind, wants = Kind.PASSPHRASE, f"the passphrase of {passphrase['file']}"
            name = f"passphrase {passphrase['file']}"
        elif password is not None or (prompted and is_lone_password(prompted["text"])):
            kind, wants, name = Kind.PASSWORD, "a password", account
        return SecretQuestion(
            host=self._route.alias,
            place=hop.place,
            user=hop.user,
            fingerprint=print_,
            kind=kind,
            prompts=(Prompt(words),),
            wants=wants,
            name=name,
        )

    def _print_of(self, hop: Route) -> str:
        name = known_name(hop)
        keys = [key.key for key in self._shown() if key.name == name]
        return self._fingerprint(keys[-1]) if keys else ""


def hop_of(route: Route, user: str, host: str) -> Route:
    """Of whom ssh speaks: it says HostKeyAlias where there is one, and cuts long names."""
    for hop in route.hops:
        names = (hop.key_alias, hop.hostname, hop.alias)
        known = {name[:_HOST_CAP].lower() for name in names if name}
        if user in (hop.user, hop.user[:_USER_CAP]) and host[:_HOST_CAP].lower() in known:
            return hop
    return route
