"""What a user's ssh_config asks for and the SSH library inside PS Buddy does not do.

Told by the difference between `ssh -G` for the host and for nobody's configuration: whatever
differs and is neither done here nor without meaning for a session that only runs one program.
"""

from collections.abc import Iterator, Mapping

Options = Mapping[str, list[str]]

#: Done by the library, by the route or by `ssh -G` itself.
_DONE = frozenset(
    (
        *("host", "hostname", "port", "user", "addressfamily", "connecttimeout", "tag"),
        *("identityfile", "identitiesonly", "identityagent", "certificatefile"),
        *("userknownhostsfile", "globalknownhostsfile", "hostkeyalias"),
        *("proxyjump", "proxycommand", "serveraliveinterval", "serveralivecountmax"),
        *("preferredauthentications", "pubkeyauthentication", "passwordauthentication"),
        *("kbdinteractiveauthentication", "challengeresponseauthentication"),
        *("gssapiauthentication", "pkcs11provider", "revokedhostkeys"),  # these choose the way
        *("canonicaldomains", "canonicalizefallbacklocal", "canonicalizehostname"),
        *("canonicalizemaxdots", "canonicalizepermittedcnames", "ignoreunknown"),
    )
)
#: Never done, on purpose, or without meaning where nobody looks at a terminal.
_MEANINGLESS = frozenset(
    (
        *("addkeystoagent", "batchmode", "checkhostip", "clearallforwardings", "controlmaster"),
        *("controlpath", "controlpersist", "enableescapecommandline", "escapechar"),
        *("exitonforwardfailure", "fingerprinthash", "forkafterauthentication", "forwardagent"),
        *("forwardx11", "forwardx11timeout", "forwardx11trusted", "gatewayports"),
        *("gssapidelegatecredentials", "gssapikeyexchange", "gssapikexalgorithms"),
        *("gssapirenewalforcesrekey", "gssapitrustdns", "gssapiserveridentity"),
        *("gssapiclientidentity", "hashknownhosts", "localcommand", "localforward"),
        *("loglevel", "logverbose", "numberofpasswordprompts", "permitlocalcommand"),
        *("permitremoteopen", "proxyusefdpass", "remotecommand", "remoteforward"),
        *("dynamicforward", "requesttty", "securitykeyprovider", "sendenv", "sessiontype"),
        *("stdinnull", "streamlocalbindmask", "streamlocalbindunlink", "syslogfacility"),
        *("stricthostkeychecking", "tunnel", "tunneldevice", "updatehostkeys"),
        *("visualhostkey", "xauthlocation", "nohostauthenticationforlocalhost"),
    )
)
#: As people write them; others are told in small letters.
_SPELLED = {
    name.lower(): name
    for name in (
        *("BindAddress", "BindInterface", "Ciphers", "Compression", "ConnectionAttempts"),
        *("HostKeyAlgorithms", "HostbasedAuthentication", "IPQoS", "KexAlgorithms"),
        *("KnownHostsCommand", "MACs", "PubkeyAcceptedAlgorithms", "RekeyLimit", "RequiredRSASize"),
        *("SetEnv", "TCPKeepAlive", "VerifyHostKeyDNS", "CASignatureAlgorithms"),
    )
}
_VALUE_CAP = 80


def unapplied(options: Options, nobodys: Options) -> tuple[str, ...]:
    """The options, each with its value. `nobodys`: those of an empty configuration."""
    return tuple(_differing(options, nobodys))


def _differing(options: Options, nobodys: Options) -> Iterator[str]:
    for key, values in sorted(options.items()):
        if key in _DONE or key in _MEANINGLESS or values == nobodys.get(key, values[:0]):
            continue
        # A secret may stand in a variable's value.
        shown = [value.partition("=")[0] for value in values] if key == "setenv" else values
        text = " ".join(shown)
        cut = text if len(text) <= _VALUE_CAP else f"{text[:_VALUE_CAP]}…"
        yield f"{_SPELLED.get(key, key)} {cut}"
