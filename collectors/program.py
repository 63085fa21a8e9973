"""The host program as one piece of text: the modules of `scripts/psbhost` and an importer.

What is sent is what is hashed: the bundle can rebuild its own text, so the hash in each reply
names exactly the bytes that run on the host.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from psbuddy.assets import scripts_root
from psbuddy.model.command import CODE, COMMAND, SHELL_CODE, SHELL_COMMAND

__all__ = [
    "CODE",
    "COMMAND",
    "SHELL_CODE",
    "SHELL_COMMAND",
    "Program",
    "bundle",
    "host_program",
    "twin_program",
]

# Python 3.6. Three parts around two literals: the parts themselves and the sources.
_PARTS = (
    "# PS Buddy host program: reads logs, writes nothing. See docs/protocol.md.\n_PARTS = ",
    "\n_SOURCES = ",
    """
import hashlib
import sys
from importlib.machinery import ModuleSpec


_PACKAGES = ("psbhost", "psbsh")


class _Importer(object):
    sources = dict(_SOURCES)

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in cls.sources:
            return None
        return ModuleSpec(name, cls, origin=name, is_package=name in _PACKAGES)

    @staticmethod
    def create_module(spec):
        return None

    @classmethod
    def exec_module(cls, module):
        name = module.__name__
        exec(compile(cls.sources[name], name, "exec"), module.__dict__)


sys.meta_path.insert(0, _Importer)
_TEXT = _PARTS[0] + ascii(_PARTS) + _PARTS[1] + ascii(_SOURCES) + _PARTS[2]
_HASH = hashlib.sha256(_TEXT.encode("ascii")).hexdigest()
""",
)
_START = """
import psbhost.main

psbhost.main.PROGRAM = _HASH
psbhost.main.serve()
"""
_START_TWIN = """
import psbsh.main

psbsh.main.serve("{hash}")
"""


@dataclass(frozen=True, slots=True)
class Program:
    """The bundle as it is sent, and its hash. `shell`: what a host without Python is sent."""

    bundle: bytes
    sha256: str
    shell: bytes = b""

    @property
    def opening(self) -> bytes:
        """What is written to the interpreter first: the length, then the bundle."""
        return b"%d\n" % len(self.bundle) + self.bundle


def bundle(sources: Mapping[str, str]) -> Program:
    """Bundle modules, given as name below `psbhost` ("main", "" for the package) -> source."""
    return _bundle(_named("psbhost", sources), _START)


def _named(package: str, sources: Mapping[str, str]) -> dict[str, str]:
    return {f"{package}.{name}" if name else package: text for name, text in sources.items()}


def _bundle(modules: Mapping[str, str], start: str) -> Program:
    parts = (*_PARTS[:2], _PARTS[2] + start)
    sources = tuple(sorted(modules.items()))
    text = parts[0] + ascii(parts) + parts[1] + ascii(sources) + parts[2]
    encoded = text.encode("ascii")
    return Program(encoded, hashlib.sha256(encoded).hexdigest())


@cache
def host_program() -> Program:
    """The program that ships with this version."""
    return bundle(_sources("psbhost"))


@cache
def twin_program() -> Program:
    """The same for hosts without Python: the bundle runs beside the engine, `shell` there.

    The hash is that of `shell`: of what runs on the host.
    """
    folder = scripts_root() / "psbsh"
    loop, condenser = (
        (folder / name).read_text(encoding="ascii") for name in ("loop.sh", "condense.awk")
    )
    quoted = condenser.replace("'", "'\\''")
    shell = f"{loop}condenser='{quoted}'\nserve 3>&1 | cat\n#PSBEND\n".encode("ascii")
    sha256 = hashlib.sha256(shell).hexdigest()
    modules = _named("psbhost", _sources("psbhost")) | _named("psbsh", _sources("psbsh"))
    program = _bundle(modules, _START_TWIN.replace("{hash}", sha256))
    return Program(program.bundle, sha256, shell)


def _sources(package: str) -> dict[str, str]:
    """Modules of a package in scripts, "" for the package itself."""
    sources = {}
    for file in (scripts_root() / package).iterdir():
        if file.name.endswith(".py"):
            name = file.name.removesuffix(".py")
            sources["" if name == "__init__" else name] = file.read_text(encoding="utf-8")
    return sources
