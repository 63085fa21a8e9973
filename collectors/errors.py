"""Why a host could not be collected: told apart by the stage that was reached.

    CollectError
      UnreachableError     before we spoke to an SSH server: name, network, banner
      HostKeyRefusedError  the key is not the one we know
      HostKeyUnknownError  no key is known yet: a question for a person
      AuthError            no credential was accepted: never repeated without a person
        LoginWantedError   something must be typed: a question for a person
        ExpiredError       the password must be changed first
      OtherWayError        our SSH library cannot do what the host wants; the ssh program may
  ProgramError         the session stands, but our program did not answer in full
      DeadlineError        an operation took longer than it may
    TurnError          others of ours were ahead all the time

The text of each is a whole sentence for the user: what, where, what to do next.
"""

from dataclasses import dataclass, replace

from collectors.secret import Kind, SecretQuestion
from psbuddy.model.command import compare_command
from psbuddy.model.terms import Stage


class CollectError(Exception):
    """A collection failed at `stage`. `str(error)` is what the user reads."""

    #: Trying again cannot help before a person has done something.
    needs_person = False

    def __init__(self, stage: Stage, sentence: str) -> None:
        super().__init__(sentence)
        self.stage = stage


class UnreachableError(CollectError):
    """Nobody who speaks SSH answers there."""


class AuthError(CollectError):
    """No credential was accepted. One attempt per credential was made."""

    needs_person = True


class LoginWantedError(AuthError):
    """`question` waits for a person; nothing wrong was tried for it."""

    def __init__(self, question: SecretQuestion, refused: str = "") -> None:
        """`refused`: what was tried in vain before, as a sentence."""
        agent = ""
        if question.kind is Kind.PASSPHRASE:
            agent = f", or hand the key to your agent (ssh-add {question.name.partition(' ')[2]})"
        super().__init__(
            Stage.AUTH,
            f"{question.place} wants {question.wants} to let {question.user} in.{refused} Log in "
            f'from the page of {question.host}, or with "psbuddy collect --once --host '
            f'{question.host}" on a terminal{agent}. PS Buddy does not try again by itself.',
        )
        self.question = question
        self._refused = refused

    def of(self, host: str) -> "LoginWantedError":
        """The same for another host on the same way."""
        return LoginWantedError(replace(self.question, host=host), self._refused)


class ExpiredError(AuthError):
    """`whose`: the account, and where it is. A new password is nothing that we make up or type."""

    def __init__(self, whose: str) -> None:
        super().__init__(
            Stage.AUTH,
            f"The password of {whose} has expired. Nothing was typed where a new one is wanted: "
            "log in once with ssh on a terminal, change it there, then collect now. PS Buddy does "
            "not try again by itself.",
        )


class OtherWayError(CollectError):
    """`reason`: why the ssh program is needed. `methods`: how it must log in; empty for any."""

    def __init__(
        self, stage: Stage, sentence: str, reason: str, methods: tuple[str, ...] = ()
    ) -> None:
        super().__init__(stage, sentence)
        self.reason = reason
        self.methods = methods


class ProgramError(CollectError):
    """The host program did not start, or its reply was not whole."""


class DeadlineError(CollectError):
    """The operation was cut at its deadline."""


class TurnError(DeadlineError):
    """Our own turn never came: others were ahead. Nothing is known of the way or the host."""


@dataclass(frozen=True, slots=True)
class HostKeyQuestion:
    """A server key nobody has vouched for yet. `name` is how known_hosts spells the host."""

    host: str  # alias
    name: str  # "led-app-1" or "[led-app-1]:2222"
    address: str
    port: int
    key_type: str
    key: str  # base64
    sha256: str  # "SHA256:..." as ssh prints it


class HostKeyRefusedError(CollectError):
    """The server's key differs from the known one, or was revoked. Nothing was sent to it.

    Looked at again now and then, without a login: the known line may have been corrected.
    """

    def __init__(
        self, sentence: str, question: HostKeyQuestion, known: str, place: str = ""
    ) -> None:
        super().__init__(Stage.HOST_KEY, sentence)
        self.question = question  # what the server shows
        self.known = known  # fingerprint on record
        self.place = place  # file and line that hold it


class HostKeyUnknownError(CollectError):
    """First contact: `question` waits for a person."""

    needs_person = True

    def __init__(self, question: HostKeyQuestion) -> None:
        super().__init__(
            Stage.HOST_KEY,
            f"The key of {question.host} ({question.address} port {question.port}) is not known "
            f"yet: {question.key_type} {question.sha256}. Compare it with what the host itself "
            f'says ("{compare_command(question.key_type)}" there) and accept it, in the window or '
            "with "
            f'"psbuddy collect --once --host {question.host}" on a terminal.',
        )
        self.question = question
