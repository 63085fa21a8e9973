"""The first word of the program. It is said before anything is loaded that takes time."""

import os
import sys

from psbhost.framing import forget, word

IDLE = 15 * 60


def serve(program: str, idle: float = IDLE) -> None:
    """Say hello, then answer until nobody asks for `idle` seconds. `program`: its hash."""
    stdout = sys.stdout.buffer
    try:
        say_hello(stdout, program)
    except OSError:
        forget(stdout)
        return
    from psbhost import main

    main.PROGRAM = program
    main.answer(sys.stdin.buffer, stdout, idle)


def say_hello(stdout, program: str) -> None:
    """What the program says by itself when it starts."""
    python = "%d.%d.%d" % sys.version_info[:3]
    stdout.write(word(0, "hello", program, ',"pid":%d,"python":"%s"' % (os.getpid(), python)))
    stdout.flush()
