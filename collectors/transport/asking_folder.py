"""Where a held `ssh` leaves its prompts and fetches the answers: see openssh_askpass.py."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FOLDER = "PSBUDDY_ASK"
#: Touch me, confirm me: nobody is there for these. And when we are gone without an answer, ssh
#: goes as well: it would send an empty one.
_PROGRAM = f"""#!/bin/sh
[ -z "$SSH_ASKPASS_PROMPT" ] || exit 1
rm -f "${_FOLDER}/given"
printf '%s' "$1" > "${_FOLDER}/prompt.$$" && mv "${_FOLDER}/prompt.$$" "${_FOLDER}/prompt" || exit 1
head -n 1 "${_FOLDER}/answer"
[ -e "${_FOLDER}/given" ] || kill -9 $PPID
"""


@contextmanager
def asking_folder(parent: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """The folder of one connection, and the environment by which ssh finds it."""
    program = parent / "askpass"
    if not program.exists():
        program.write_text(_PROGRAM)
        program.chmod(0o700)
    folder = parent / f"ask-{os.urandom(8).hex()}"
    folder.mkdir(mode=0o700)
    os.mkfifo(folder / "answer", 0o600)
    # Held open by us alone: whoever waits for an answer is released when we end.
    held = os.open(folder / "answer", os.O_RDWR)
    try:
        yield (
            folder,
            {
                "SSH_ASKPASS": str(program),
                "SSH_ASKPASS_REQUIRE": "force",
                "DISPLAY": os.environ.get("DISPLAY", ":"),
                _FOLDER: str(folder),
            },
        )
    finally:
        os.close(held)
        # The program of an ssh that was ended may still be writing; that is no failure of ours.
        shutil.rmtree(folder, ignore_errors=True)
