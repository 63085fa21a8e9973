"""The one command that is run on a host: a constant, nothing of a catalogue is part of it."""

#: Reads our program from its standard input and runs it; nothing is written there.
CODE = (
    "import sys;n=int(sys.stdin.buffer.readline());"
    'exec(compile(sys.stdin.buffer.read(n),"psbhost","exec"))'
)
COMMAND = f"exec python3 -I -S -c '{CODE}'"
#: The same where there is no Python: the shell reads its program from stdin, then runs it.
SHELL_CODE = (
    'n=$(printf "\\nx");n=${n%x};p=;while IFS= read -r l;do [ "$l" = "#PSBEND" ]&&break;'
    'p="$p$l$n";done;eval "$p"'
)
SHELL_COMMAND = f"exec sh -c '{SHELL_CODE}'"
