"""The host program as it is sent: a loader, then the modules of `scripts/psbhost`, packed.

Starting it is paid by every host, so little happens at once: the loader hashes what came, and a
module is unpacked and compiled when it is first imported. What is sent is what is hashed, there
as here: the hash in each reply names exactly these bytes.
"""

import hashlib
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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

# Python 3.6. The start command calls standard input `i` and this text `p`. Docstrings are left out
# where a module is compiled: nobody reads them there.
_LOADER = """# PS Buddy host program: reads logs, writes nothing. See docs/protocol.md.
import sys
import zlib

table = i.readline()
names = table.decode("ascii").split()
packed = [i.read(int(size)) for size in names[1::2]]


class Importer(object):
    packed = dict(zip(names[::2], packed))
    common = b""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in cls.packed:
            return None
        return type(sys.__spec__)(name, cls, origin=name, is_package="." not in name)

    @staticmethod
    def create_module(spec):
        return None

    @classmethod
    def exec_module(cls, module):
        name = module.__name__
        exec(compile(cls.source(name), name, "exec", 0, True, 2), module.__dict__)
        del cls.packed[name]

    @classmethod
    def source(cls, name):
        return zlib.decompressobj(15, cls.common).decompress(cls.packed[name])


Importer.common = Importer.source(names[0])
sys.meta_path.insert(0, Importer)

from psbhost.digest import sha256

digest = sha256(p + table)
for each in packed:
    digest.update(each)
del packed, each
"""
_START = """
from psbhost.start import serve

serve(digest.hexdigest())
"""
_START_TWIN = """
from psbsh.main import serve

serve("{hash}")
"""

_PACKING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Program:
    """What is sent, and its hash. `shell`: what a host without Python is sent."""

    loader: bytes
    packed: bytes
    sha256: str
    shell: bytes = b""

    @property
    def bundle(self) -> bytes:
        """What the hash is of."""
        return self.loader + self.packed

    @property
    def opening(self) -> bytes:
        """What is written to the interpreter first: the loader's length, then all of it."""
        return b"%d\n" % len(self.loader) + self.bundle


def bundle(sources: Mapping[str, str]) -> Program:
    """Bundle modules, given as name below `psbhost` ("start", "" for the package) -> source.

    `start.serve` is called with the hash.
    """
    return _bundle(_named("psbhost", sources), _START)


def _named(package: str, sources: Mapping[str, str]) -> dict[str, str]:
    return {f"{package}.{name}" if name else package: text for name, text in sources.items()}


def _bundle(modules: Mapping[str, str], start: str) -> Program:
    modules = {"psbhost.digest": _source("psbhost", "digest"), **modules}
    packed = dict(_packed(modules))
    table = " ".join(f"{name} {len(data)}" for name, data in packed.items())
    loader = (_LOADER + start).encode("ascii")
    data = b"%b\n%b" % (table.encode("ascii"), b"".join(packed.values()))
    return Program(loader, data, hashlib.sha256(loader + data).hexdigest())


def _packed(modules: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Each module by itself. They are small, so they share the words of the first one."""
    first = "psbhost.main" if "psbhost.main" in modules else "psbhost.start"
    common = modules[first].encode()
    yield first, zlib.compress(common)
    for name in sorted(modules):
        if name != first:
            packer = zlib.compressobj(zdict=common)
            yield name, packer.compress(modules[name].encode()) + packer.flush()


def host_program() -> Program:
    """The program that ships with this version. Packed once, however many threads begin with it."""
    with _PACKING:
        return _host_program()


def twin_program() -> Program:
    """The same for hosts without Python."""
    with _PACKING:
        return _twin_program()


@cache
def _host_program() -> Program:
    return bundle(_sources("psbhost"))


@cache
def _twin_program() -> Program:
    """The bundle runs beside the engine, `shell` on the host.

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
    return replace(program, sha256=sha256, shell=shell)


def _sources(package: str) -> dict[str, str]:
    """Modules of a package in scripts, "" for the package itself."""
    sources = {}
    for file in (scripts_root() / package).iterdir():
        if file.name.endswith(".py"):
            name = file.name.removesuffix(".py")
            sources["" if name == "__init__" else name] = _source(package, name)
    return sources


def _source(package: str, name: str) -> str:
    return (scripts_root() / package / f"{name}.py").read_text(encoding="utf-8")
