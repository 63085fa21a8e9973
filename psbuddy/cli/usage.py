"""What is said of a command line that cannot be understood: what is wrong, what would be right."""

import re
from typing import Any

from typer.exceptions import TyperException

from psbuddy.cli.guard import USAGE, CliError

#: Arguments that may be missing, and where what they name is found.
_WHERE = {
    "'APP'": "the id of an application. psbuddy status lists them",
    "'JOB'": "the id of a job. psbuddy jobs lists them",
    "'CAUSE'": "the id of a cause, or its beginning. psbuddy causes lists them",
    "'CAUSE...'": "ids of causes, or their beginnings. psbuddy causes lists them",
    "'HOST'": "an alias of ssh_config, or local",
    "'DIR'": "a folder",
    "'FILE...'": "a log file on this machine",
    "'--output' / '-o'": "the file to write, FILE.png, .html or .csv",
}


def wrong_use(error: TyperException) -> CliError:
    """The parser's complaint in our words, with the way to write it right."""
    context: Any = getattr(error, "ctx", None)
    lines = [_sentence(error.format_message())]
    if context is not None:
        parts = list(getattr(context.command, "commands", {}))
        if parts:
            lines.append(f"{context.command_path} has: {', '.join(parts)}.")
        usage = " ".join(context.get_usage().split()).replace("{", "").replace("}", "")
        usage = re.sub(r"\.{4,}", "...", usage)
        lines.append(f"{usage}\n{context.command_path} --help says more.")
    return CliError("\n".join(lines), USAGE)


def _sentence(message: str) -> str:
    said = message.strip().replace("Value error, ", "")
    for name, what in _WHERE.items():
        if re.search(rf"^Missing \w+ {re.escape(name)}\.?$", said):
            return f"{said.rstrip('.')}: {what}."
    return said if said.endswith((".", "?", ")")) else f"{said}."
