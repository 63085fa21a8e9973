"""The login itself: what the server asks for, in its steps, each credential once.

First the server is asked which methods it has. Keys come first, as nobody needs to type them;
then the server's own prompts; then a password. What was half a success goes on with what the
server wants next. A wrong secret ends the attempt: the host waits for a person then.
"""

import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import paramiko

from collectors.errors import (
    AuthError,
    CollectError,
    DeadlineError,
    ExpiredError,
    LoginWantedError,
    OtherWayError,
    UnreachableError,
)
from collectors.secret import Asker, Kind, Prompt, Secret, SecretQuestion
from collectors.ssh_config import Route
from collectors.transport.prompts import is_about_a_new_one, is_lone_password
from collectors.transport.ssh_agent import AgentError
from collectors.transport.ssh_keyfile import (
    Credential,
    KeyFiles,
    LockedError,
    UnusableError,
    type_of,
)
from collectors.transport.ssh_keys import MOST_CREDENTIALS, Keys, LockedKey, keys_for, unlocked
from collectors.transport.ssh_userauth import (
    INTERACTIVE,
    PASSWORD,
    PUBLICKEY,
    Accepted,
    Expired,
    Prompts,
    Refused,
    Reply,
    Signer,
    Userauth,
    Wanted,
)
from psbuddy.model.terms import Stage

#: Kerberos, as SSH names it.
GSSAPI = "gssapi-with-mic"
#: Keys before prompts, prompts before a password: the order of ssh itself. A server with
#: one-time codes would take a password for the code as well.
_ORDER = (PUBLICKEY, INTERACTIVE, PASSWORD)
_MOST_ROUNDS = 10
_PASSPHRASE_TRIES = 3  # a wrong one never leaves this machine
_TICKET_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody wants in: `host` is the alias that is visited, `hop` the server that asks."""

    host: str
    hop: Route
    fingerprint: str


class Login:
    """One login of one hop. `aborted`: it was us who ended the connection."""

    def __init__(
        self,
        door: Door,
        transport: paramiko.Transport,
        asker: Asker,
        files: KeyFiles,
        aborted: Callable[[], bool],
    ) -> None:
        self._door = door
        self._hop = door.hop
        self._transport = transport
        self._auth = Userauth(transport, door.hop.user)
        self._asker = asker
        self._files = files
        self._aborted = aborted
        self._keys = Keys()
        self._spent: set[bytes] = set()  # keys that were offered
        self._tried: list[str] = []  # what was refused
        self._halfway: list[str] = []  # methods that were right, but not enough
        self._unanswered: SecretQuestion | None = None
        self._pending: list[SecretQuestion] = []  # answered, and not known yet whether rightly
        self._typed = False  # an answer has left this machine
        self._sent = False  # a credential has left this machine
        self._until = 0.0

    def run(self, until: float) -> None:
        """Until we are in. Raises CollectError at stage auth."""
        self._until = until
        try:
            with keys_for(self._hop, self._files) as self._keys:
                self._auth.begin(until)
                reply = self._auth.none(until)
                while isinstance(reply, Refused):
                    reply = self._next(reply.methods)
        except TimeoutError:
            raise DeadlineError(
                Stage.AUTH, f"{self._hop.place} did not finish the login in time."
            ) from None
        except EOFError:
            raise self._ended() from None
        finally:
            self._tell(self._pending, right=None)

    # One step: by the first method that helps.

    def _next(self, methods: tuple[str, ...]) -> Reply:
        allowed = [m for m in self._hop.methods or _ORDER if m in methods]
        if PUBLICKEY in allowed:
            reply = self._by_key()
            if reply is not None:
                return reply
        self._look_for_kerberos(methods)
        for method in allowed:
            if method == INTERACTIVE:
                reply = self._by_answers()
            elif method == PASSWORD:
                reply = self._by_password()
            else:
                continue
            if reply is not None:
                return reply
        raise self._nothing_helps(methods)

    def _by_key(self) -> Reply | None:
        """The reply that lets us go on; None when no key helped."""
        for credential in self._keys.usable:
            reply = self._sign_in(credential)
            if reply is not None:
                return reply
        for key in self._keys.locked:
            reply = self._unlock(key)
            if reply is not None:
                return reply
        return None

    def _sign_in(self, credential: Credential) -> Reply | None:
        if credential.blob in self._spent or len(self._spent) >= MOST_CREDENTIALS:
            return None
        self._spent.add(credential.blob)
        signer = self._signer(credential.blob, credential.key_type)
        touched = credential.key_type.startswith("sk-")
        if touched and not isinstance(self._auth.offer(signer, self._until), Wanted):
            self._tried.append(credential.label)
            return None
        try:
            plain = signer.algorithm.replace("-cert-v01@openssh.com", "")
            signature = credential.sign(self._auth.to_sign(signer), plain)
        except AgentError as error:
            self._keys.notes.append(f"{credential.label} ({error})")
            return None
        self._sent = True
        self._tried.append(credential.label)
        reply = self._if_good(PUBLICKEY, self._auth.by_key(signer, signature, self._until))
        if reply is not None:
            self._tried.pop()
        return reply

    def _unlock(self, key: LockedKey) -> Reply | None:
        if not self._is_wanted(key):
            return None
        credential = self._ask_passphrase(key)
        if credential is None:
            return None
        for each in unlocked(key, credential):
            self._spent.discard(each.blob)  # it was only offered
            reply = self._sign_in(each)
            if reply is not None:
                return reply
        return None

    def _is_wanted(self, key: LockedKey) -> bool:
        """Nobody is asked for the passphrase of a key that the server would not take."""
        for label, blob in key.publics:
            if not blob:
                return True  # no public half beside it: the server cannot be asked
            if blob in self._spent or len(self._spent) >= MOST_CREDENTIALS:
                continue
            self._spent.add(blob)
            if isinstance(self._auth.offer(self._signer(blob), self._until), Wanted):
                return True
            self._tried.append(label)
        return False

    def _ask_passphrase(self, key: LockedKey) -> Credential | None:
        question = self._question(
            Kind.PASSPHRASE,
            f"the passphrase of {key.file}",
            (Prompt(f"Passphrase of {key.file}"),),
            name=f"passphrase {key.file}",
        )
        for _ in range(_PASSPHRASE_TRIES):
            values = self._ask(question)
            if values is None:
                return None
            try:
                credential = self._files.load(key.file, values[0])
            except (LockedError, UnusableError):
                self._tell([question], right=False)
                question = replace(question, heading="That was not its passphrase.")
                continue
            self._tell([question], right=True)
            return credential
        raise AuthError(
            Stage.AUTH, f"That was not the passphrase of {key.file}. Nothing was sent to a host."
        )

    def _by_password(self) -> Reply | None:
        question = self._question(
            Kind.PASSWORD, "a password", (Prompt("Password"),), name=self._account
        )
        values = self._ask(question)
        if values is None:
            return None
        reply = self._hear(lambda: self._auth.by_password(values[0], self._until), [question])
        return self._judged(PASSWORD, reply, [question], "that password")

    def _by_answers(self) -> Reply | None:
        """Let the server ask, as often as it likes to."""
        unseen = self._question(Kind.ANSWERS, "a password or a code", name=self._account)
        if not self._asker.may_answer(unseen):
            self._unanswered = self._unanswered or unseen
            return None
        asked: list[SecretQuestion] = []
        reply = self._hear(lambda: self._auth.interactive(self._until), asked)
        for _ in range(_MOST_ROUNDS):
            if not isinstance(reply, Prompts):
                break
            values = self._answers(reply, asked)
            reply = self._hear(partial(self._auth.answer, values, self._until), asked)
        if not asked and isinstance(reply, Refused) and not reply.partial:
            return None  # offered, but there is nothing behind it
        return self._judged(INTERACTIVE, reply, asked, "those answers")

    def _answers(self, said: Prompts, asked: list[SecretQuestion]) -> tuple[Secret, ...]:
        """Who has begun to answer goes on, or the attempt is over."""
        if not said.prompts:
            return ()
        texts = (said.heading, *(prompt.text for prompt in said.prompts))
        if asked and any(is_about_a_new_one(text) for text in texts):
            self._tell(asked, right=False)
            raise self._expired()
        question = self._asked_by_server(said, first=not asked)
        values = self._ask(question)
        if values is None:
            raise self._wanted(question)
        asked.append(question)
        return values

    def _asked_by_server(self, said: Prompts, *, first: bool) -> SecretQuestion:
        texts = [prompt.text for prompt in said.prompts]
        lone = first and len(texts) == 1 and not said.prompts[0].echo
        told = f"{said.heading} {texts[0]}"
        password = lone and is_lone_password(told)
        words = " and ".join(f'"{text}"' for text in texts if text) or "an answer"
        return self._question(
            Kind.PASSWORD if password else Kind.ANSWERS,
            "a password" if password else f"an answer to {words}",
            said.prompts,
            heading=said.heading,
            name=self._account if password else "",
        )

    # Answers, and what came of them.

    @property
    def _account(self) -> str:
        """Under which the password is held; "" once it was given: what follows is a code."""
        hop = self._hop
        if not {PASSWORD, INTERACTIVE}.isdisjoint(self._halfway):
            return ""
        return f"password {hop.user}@{hop.hostname} port {hop.port} {self._door.fingerprint}"

    def _question(
        self,
        kind: Kind,
        wants: str,
        prompts: tuple[Prompt, ...] = (),
        *,
        heading: str = "",
        name: str = "",
    ) -> SecretQuestion:
        return SecretQuestion(
            host=self._door.host,
            place=self._hop.place,
            user=self._hop.user,
            fingerprint=self._door.fingerprint,
            kind=kind,
            prompts=prompts,
            heading=heading,
            wants=wants,
            name=name,
        )

    def _ask(self, question: SecretQuestion) -> tuple[Secret, ...] | None:
        """None when nobody is there to answer; a person who does not answer ends the attempt."""
        values = self._asker.ask(question, self._until, self._transport.is_active)
        if values is None:
            if not self._transport.is_active():
                raise EOFError
            if self._asker.patience:
                raise self._wanted(question)
            self._unanswered = self._unanswered or question
        else:
            self._pending.append(question)
        return values

    def _hear(self, say: Callable[[], Reply], asked: list[SecretQuestion]) -> Reply:
        """The server's reply to what was typed. A server that hangs up has refused it."""
        self._typed = self._typed or bool(asked)
        self._sent = self._sent or self._typed
        try:
            return say()
        except EOFError:
            self._tell(asked, right=None if self._aborted() else False)
            raise

    def _judged(
        self, method: str, reply: Reply, asked: list[SecretQuestion], what: str
    ) -> Reply | None:
        good = self._if_good(method, reply)
        # Of several rounds one answer alone opens nothing: it is not worth to be held.
        lone = len(asked) == 1 or good is None
        self._tell(asked, right=(good is not None) if lone else None)
        if good is not None:
            return good
        if isinstance(reply, Expired):
            raise self._expired()
        raise AuthError(
            Stage.AUTH,
            f"{self._hop.place} refused to let {self._hop.user} in with {what}. It "
            "was tried once and is forgotten; PS Buddy does not try again by itself, so that no "
            "account gets locked.",
        )

    def _expired(self) -> CollectError:
        return ExpiredError(f"{self._hop.user} on {self._hop.place}")

    def _tell(self, asked: list[SecretQuestion], *, right: bool | None) -> None:
        for question in tuple(asked):
            if question in self._pending:
                self._pending.remove(question)
                self._asker.told(question, right=right)

    def _if_good(self, method: str, reply: Reply) -> Reply | None:
        if isinstance(reply, Accepted):
            return reply
        if isinstance(reply, Refused) and reply.partial:
            self._halfway.append(method)
            return reply
        return None

    def _signer(self, blob: bytes, key_type: str = "") -> Signer:
        return Signer(_algorithm(key_type or type_of(blob), self._transport), blob)

    # What is said when nothing helped.

    def _look_for_kerberos(self, methods: tuple[str, ...]) -> None:
        """Raise OtherWayError where a ticket would do, or where nothing else could."""
        if GSSAPI not in methods:
            return
        if not any(m in methods for m in _ORDER) or _has_ticket():
            raise OtherWayError(
                Stage.AUTH,
                f"{self._hop.place} lets nobody in by key; it wants Kerberos, for which the ssh "
                "program is needed. Install OpenSSH.",
                f"{self._hop.place} wants Kerberos",
                (*dict.fromkeys(self._halfway), GSSAPI),
            )

    def _nothing_helps(self, methods: tuple[str, ...]) -> CollectError:
        if self._unanswered is not None:
            return self._wanted(self._unanswered)
        hop, halfway = self._hop, " and ".join(dict.fromkeys(self._halfway))
        after = f" after {halfway}" if halfway else ""
        if PUBLICKEY not in methods:
            return AuthError(
                Stage.AUTH,
                f"{hop.place} wants {', '.join(methods) or 'nothing we know'}{after}, which PS "
                "Buddy cannot give. Ask its administrator to allow public keys for this account.",
            )
        if not self._tried:
            hint = "; ".join(self._keys.notes) or "there is no key file and no SSH agent with keys"
            return AuthError(
                Stage.AUTH, f"There is no key to log in to {hop.place} as {hop.user} with: {hint}."
            )
        return AuthError(
            Stage.AUTH,
            f"{hop.place} refused to let {hop.user} in{after} {self._told_tried()} PS Buddy does "
            "not try again by itself, so that no account gets locked: put the right key in place "
            "(ssh-copy-id), then collect now.",
        )

    def _wanted(self, question: SecretQuestion) -> LoginWantedError:
        refused = f" It did not take {self._told_tried()[5:]}" if self._tried else ""
        if PUBLICKEY in self._halfway:
            refused += " The key was right, but it is not enough there."
        return LoginWantedError(question, refused)

    def _told_tried(self) -> str:
        notes = "; ".join(self._keys.notes)
        also = f" Not tried: {notes}." if notes else ""
        return f"with {', '.join(self._tried)}.{also}"

    def _ended(self) -> CollectError:
        hop, tried = self._hop, self._tried
        if not self._sent:
            return UnreachableError(
                Stage.AUTH, f"{hop.place} broke off before anything was tried to log in with."
            )
        last = f" with {tried[-1]}" if tried else ""
        if self._typed:
            last = " with what was typed or held, which is forgotten"
        return AuthError(
            Stage.AUTH,
            f"{hop.place} ended the connection during the login of {hop.user}{last}. Too many "
            "attempts, or the account is not allowed in?",
        )


def _algorithm(key_type: str, transport: paramiko.Transport) -> str:
    """What a key signs with: for RSA what the server knows, never SHA-1."""
    if not key_type.startswith("ssh-rsa"):
        return key_type
    listed = transport.server_extensions.get("server-sig-algs", b"")
    names = listed.decode(errors="replace") if isinstance(listed, bytes) else str(listed)
    known = names.split(",")
    wanted = "rsa-sha2-512" if "rsa-sha2-512" in known or "rsa-sha2-256" not in known else ""
    return (wanted or "rsa-sha2-256") + key_type.removeprefix("ssh-rsa")


def _has_ticket() -> bool:
    klist = shutil.which("klist")
    if klist is None:
        return False
    with suppress(OSError, subprocess.TimeoutExpired):
        asked = subprocess.run(
            [klist, "-s"], stdin=subprocess.DEVNULL, timeout=_TICKET_SECONDS, check=False
        )
        return asked.returncode == 0
    return False
