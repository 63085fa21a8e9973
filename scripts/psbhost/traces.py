"""Stack traces: the root exception and the first frame of the application.

The root exception is the innermost cause; frames of runtimes, frameworks and generated code
are passed over; line numbers never count. This is the front door: it finds the language by its
signature and asks the module that reads it. What no module reads has no exception: no guess.
"""

import re

from psbhost.lazily import Expression
from psbhost.typed import typed

MAX_LINES = 1500
LONGEST_LINE = 2000
_COLOUR = Expression(r"\x1b(?:\[[0-9;:?]{0,32}[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)?)")
#: The margin of `docker compose logs` and its like.
_MARGIN = Expression(r"^[\w.-]{1,80} {0,40}\| ?", re.MULTILINE)
_BREAK = Expression(r"\\r?\\n|\\n|#012")
_AT = Expression(r"^\s+at \S", re.MULTILINE)


def trace_of(text: str) -> tuple:
    """(exception, frame) of a record's text; ("", "") without a trace."""
    text = _unpacked(text)
    lines = [line[:LONGEST_LINE].rstrip() for line in text.split("\n", MAX_LINES)[:MAX_LINES]]
    for reader in _readers(text):
        found = reader(lines)
        if found[0]:
            return found
    if len(lines) > 1 and _AT.search(text):
        from psbhost.traces_at import at

        return at(lines)
    return typed(lines), ""


def _unpacked(text):
    """Without colours and margins; a trace that was written on one line takes its lines back."""
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    if "\\n" in text or "#012" in text:
        head, _, rest = text.partition("\n")
        if not rest.strip():
            text = _BREAK.sub("\n", head).replace("\\t", "\t").replace("#011", "\t")
            text = text.replace('\\"', '"')
    if "#011" in text:
        text = text.replace("#011", "\t")
    if "| " in text and "\n" in text:
        margin = _MARGIN.match(text.partition("\n")[2])
        if margin and text.count("\n" + margin.group(0).rstrip()) * 2 > text.count("\n"):
            text = _MARGIN.sub("", text)
    return text


def _readers(text):
    """The modules whose signature the text bears, the plainest first."""
    if 'File "' in text and "line " in text:
        from psbhost.traces_script import python

        yield python
    if "goroutine " in text and "\n" in text:
        from psbhost.traces_native import go

        yield go
    if "#0 " in text and (".php" in text or "{main}" in text):
        from psbhost.traces_script import php

        yield php
    if ":in " in text and "\n" in text:
        from psbhost.traces_script import ruby

        yield ruby
    if "panicked at" in text:
        from psbhost.traces_native import rust

        yield rust
    for reader in _rarer(text):
        yield reader


def _rarer(text):
    if " called at " in text and "\n" in text:
        from psbhost.traces_script import perl

        yield perl
    if "** (" in text or "exception error:" in text or "exception exit:" in text:
        from psbhost.traces_script import beam

        yield beam
    if "stack traceback:" in text:
        from psbhost.traces_script import lua

        yield lua
    if "ORA-" in text and "\n" in text:
        from psbhost.traces_native import oracle

        yield oracle
    if "uncaught exception '" in text:
        from psbhost.traces_native import objective_c

        yield objective_c
    if "0x" in text or "terminate called" in text or "Segmentation fault" in text:
        from psbhost.traces_native import native

        yield native
