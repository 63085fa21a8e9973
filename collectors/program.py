"""The host program as one piece of text: the modules of `scripts/psbhost` and an importer.

What is sent is what is hashed: the bundle can rebuild its own text, so the hash in each reply
names exactly the bytes that run on the host.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from psbuddy.assets import scripts_root

#: The remote command. A constant: nothing from a catalogue is ever part of it.
CODE = (
    "import sys;n=int(sys.stdin.buffer.readline());"
    'exec(compile(sys.stdin.buffer.read(n),"psbhost","exec"))'
)
COMMAND = f"exec python3 -I -S -c '{CODE}'"

# Python 3.6. Three parts around two literals: the parts themselves and the sources.
_PARTS = (
    "# PS Buddy host program: reads logs, writes nothing. See docs/protocol.md.\n_PARTS = ",
    "\n_SOURCES = ",
    """
import hashlib
import sys
from importlib.machinery import ModuleSpec


class _Importer(object):
    sources = dict(_SOURCES)

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in cls.sources:
            return None
        return ModuleSpec(name, cls, origin=name, is_package=name == "psbhost")

    @staticmethod
    def create_module(spec):
        return None

    @classmethod
    def exec_module(cls, module):
        name = module.__name__
        exec(compile(cls.sources[name], name, "exec"), module.__dict__)


sys.meta_path.insert(0, _Importer)
import psbhost.main

_TEXT = _PARTS[0] + ascii(_PARTS) + _PARTS[1] + ascii(_SOURCES) + _PARTS[2]
psbhost.main.PROGRAM = hashlib.sha256(_TEXT.encode("ascii")).hexdigest()
psbhost.main.serve()
""",
)


@dataclass(frozen=True, slots=True)
class Program:
    """The bundle as it is sent, and its hash."""

    bundle: bytes
    sha256: str

    @property
    def opening(self) -> bytes:
        """What is written to the interpreter first: the length, then the bundle."""
        return b"%d\n" % len(self.bundle) + self.bundle


def bundle(sources: Mapping[str, str]) -> Program:
    """Bundle modules, given as name below `psbhost` ("main", "" for the package) -> source."""
    modules = tuple(
        (f"psbhost.{name}" if name else "psbhost", source)
        for name, source in sorted(sources.items())
    )
    text = _PARTS[0] + ascii(_PARTS) + _PARTS[1] + ascii(modules) + _PARTS[2]
    encoded = text.encode("ascii")
    return Program(encoded, hashlib.sha256(encoded).hexdigest())


@cache
def host_program() -> Program:
    """The program that ships with this version."""
    sources = {}
    for file in (scripts_root() / "psbhost").iterdir():
        if file.name.endswith(".py"):
            name = file.name.removesuffix(".py")
            sources["" if name == "__init__" else name] = file.read_text(encoding="utf-8")
    return bundle(sources)
