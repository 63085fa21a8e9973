"""The host program as it is sent: a loader, then the modules of `scripts/psbhost`, packed.

Starting it is paid by every host, so little happens at once: a module is unpacked, compared with
its hash and compiled when it is first imported. The hash in each reply is that of the loader and of
the list of the modules' hashes, there as here: it names exactly what may run.
"""

import hashlib
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
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

_HEAD = "# PS Buddy host program: reads logs, writes nothing. See docs/protocol.md.\n"
# Python 3.6. The start command calls standard input `i` and this text `p`; `sha256` comes from
# `psbhost.digest`, whose text stands before it. Docstrings are left out where a module is compiled:
# nobody reads them there.
_LOADER = """
import sys
import zlib

sizes = [int(size) for size in i.readline().split()]
manifest = i.read(sizes.pop(0))
lines = [line.split() for line in manifest.decode("ascii").splitlines()]


class Importer(object):
    hashes = {name: each for each, name in lines}
    packed = {name: i.read(size) for (_, name), size in zip(lines, sizes)}
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
        text = zlib.decompressobj(15, cls.common).decompress(cls.packed[name])
        if sha256(text).hexdigest() != cls.hashes[name]:
            raise ImportError("%s is not as it was sent" % name)
        return text


Importer.common = Importer.source(lines[0][1])
sys.meta_path.insert(0, Importer)
program = sha256(p + manifest).hexdigest()
"""
_START = """
from psbhost.start import serve

serve(program)
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
    manifest: bytes
    packed: tuple[bytes, ...]
    sha256: str
    shell: bytes = b""

    @property
    def opening(self) -> bytes:
        """What is written to the interpreter first."""
        sizes = b" ".join(b"%d" % len(each) for each in (self.manifest, *self.packed))
        start = b"%d\n%b%b\n%b" % (len(self.loader), self.loader, sizes, self.manifest)
        return start + b"".join(self.packed)


def bundle(sources: Mapping[str, str]) -> Program:
    """Bundle modules, given as name below `psbhost` ("start", "" for the package) -> source.

    `start.serve` is called with the hash.
    """
    return _bundle(_named("psbhost", sources), _START)


def _named(package: str, sources: Mapping[str, str]) -> dict[str, str]:
    return {f"{package}.{name}" if name else package: text for name, text in sources.items()}


def _bundle(modules: Mapping[str, str], start: str) -> Program:
    """What is hashed names each module by its own hash: the way of packing does not matter."""
    first = "psbhost.main" if "psbhost.main" in modules else "psbhost.start"
    texts = {first: modules[first].encode()}
    texts |= {name: modules[name].encode() for name in sorted(modules) if name != first}
    manifest = "".join(f"{_sha256(text)}  {name}\n" for name, text in texts.items()).encode()
    loader = (_HEAD + _source("psbhost", "digest") + _LOADER + start).encode("ascii")
    packed = tuple(_packed(tuple(texts.values())))
    return Program(loader, manifest, packed, _sha256(loader + manifest))


def _packed(texts: Sequence[bytes]) -> Iterator[bytes]:
    """Each by itself. They are small, so they share the words of the first one."""
    common = texts[0]
    yield zlib.compress(common)
    for text in texts[1:]:
        packer = zlib.compressobj(zdict=common)
        yield packer.compress(text) + packer.flush()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


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
    sha256 = _sha256(shell)
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
