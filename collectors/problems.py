"""What a host could not read, in the user's words: what, where, what to do next."""

_SENTENCES = {
    "missing": "{path} is not there on {host}. Is the path right? Has the application been moved?",
    "unreadable": "{path} on {host} may not be read by this account ({detail}). Ask for read "
    "access; PS Buddy never takes it by itself.",
    "not a file": "{path} on {host} is not a regular file and was left alone. Name a log file.",
    "binary": "{path} on {host} holds binary data ({detail}), which tells no errors. Name a text "
    "log.",
    "hole": "{path} on {host} has a hole ({detail}). Lines around it are counted. A program that "
    "writes on behind a truncation leaves one: let it append, or rotate without copytruncate.",
    "packed": "{path} on {host} cannot be unpacked there: {detail}. Its lines are not counted.",
    "budget": "{path} on {host} could not be read to its end within the budget of one visit "
    "({detail}). The rest is read at the next visits.",
    "pattern": "A pattern for {path} on {host} cannot be used ({detail}). Correct it in the "
    "catalogue.",
    "loose": "All of {path} travels from {host}, where there is no Python ({detail}). Give the "
    "pattern a few letters that every such line has.",
    "vanished": "{path} on {host} went away while it was read ({detail}). What was read until "
    "then is counted.",
    "outside": "{path} on {host} leads outside the paths that the catalogue names and was not "
    "read. Name its real path.",
}


def sentence(code: str, path: str, detail: str, host: str) -> str:
    """A whole sentence for a problem code of docs/protocol.md."""
    template = _SENTENCES.get(code)
    if template is None:
        return f"{path} on {host}: {code} {detail}".strip() + "."
    return template.format(path=path, host=host, detail=detail or "no further word")
