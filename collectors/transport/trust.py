"""Whether the key that a server shows is the one that is known."""

from collectors.errors import HostKeyQuestion, HostKeyRefusedError, HostKeyUnknownError
from collectors.known_hosts import KnownHosts, Trust, sha256, spell
from collectors.ssh_config import Route
from psbuddy.insight.contact import KEY_CHANGED, KEY_REVOKED


def known_name(hop: Route) -> str:
    """The host as known_hosts spells it."""
    return hop.key_alias or spell(hop.hostname, hop.port)


def check_key(hop: Route, key_type: str, key: str, hosts: KnownHosts) -> None:
    """`key`: base64. Raises HostKeyUnknownError or HostKeyRefusedError."""
    name = known_name(hop)
    opinion = hosts.judge(name, key_type, key)
    if opinion.trust is Trust.KNOWN:
        return
    question = HostKeyQuestion(hop.alias, name, hop.hostname, hop.port, key_type, key, sha256(key))
    if opinion.trust is Trust.UNKNOWN:
        raise HostKeyUnknownError(question)
    if opinion.trust is Trust.REVOKED:
        raise HostKeyRefusedError(
            f"{KEY_REVOKED}{hop.place} shows a key that is marked @revoked in known_hosts, so "
            "someone may be in between. Nothing was sent to it. Ask its administrator for the key "
            f"that is valid. Shown: {key_type} {question.sha256}.",
            question,
            "",
        )
    expected = "; ".join(f"{k.key_type} {sha256(k.key)} ({k.place})" for k in opinion.known)
    raise HostKeyRefusedError(
        f"{KEY_CHANGED}{hop.place} does not show the key on record, so someone may be in between. "
        "Nothing was sent to it. If the host was set up anew, have its administrator confirm the "
        f"new fingerprint, then remove the old line. Shown: {key_type} {question.sha256}. "
        f"Known: {expected}.",
        question,
        sha256(opinion.known[0].key),
        opinion.known[0].place,
    )
