"""Regular expressions that are compiled when they are first used: a log meets few of them."""

import re


class Expression(object):
    """As what `re.compile` makes of the same arguments."""

    def __init__(self, source, flags: int = 0):
        self._compiled = None
        self._arguments = (source, flags)

    def __getattr__(self, name):
        if name[:1] == "_":
            raise AttributeError(name)
        if self._compiled is None:
            self._compiled = re.compile(*self._arguments)
        value = getattr(self._compiled, name)
        setattr(self, name, value)  # the next time it is found at once
        return value
