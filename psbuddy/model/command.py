"""Commands: the one that is run on a host, and those that a person is told to type there.

The one we run is a constant: nothing of a catalogue is ever part of it.
"""

#: Reads our program from its standard input and runs it; nothing is written there.
CODE = 'import sys;i=sys.stdin.buffer;p=i.read(int(i.readline()));exec(compile(p,"psbhost","exec"))'
COMMAND = f"exec python3 -I -S -c '{CODE}'"
#: The same where there is no Python: the shell reads its program from stdin, then runs it.
SHELL_CODE = (
    'n=$(printf "\\nx");n=${n%x};p=;while IFS= read -r l;do [ "$l" = "#PSBEND" ]&&break;'
    'p="$p$l$n";done;eval "$p"'
)
SHELL_COMMAND = f"exec sh -c '{SHELL_CODE}'"

_HOST_KEYS = (("ed25519", "ed25519"), ("ecdsa", "ecdsa"), ("rsa", "rsa"), ("dss", "dsa"))


def compare_command(key_type: str) -> str:
    """What is typed on the host itself to see the fingerprint of its key of this type."""
    kind = next((file for word, file in _HOST_KEYS if word in key_type), "*")
    return f"ssh-keygen -lf /etc/ssh/ssh_host_{kind}_key.pub"
