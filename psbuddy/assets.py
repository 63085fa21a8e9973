"""Where the files that ship with the program are: in a wheel, an editable install, a plain tree."""

from importlib.abc import Traversable
from importlib.resources import files
from pathlib import Path

_TREE = Path(__file__).resolve().parent.parent


def scripts_root() -> Traversable:
    """The folder that holds `psbhost`, the program that runs on the hosts."""
    packed = files("psbuddy") / "_scripts"
    return packed if packed.is_dir() else _TREE / "scripts"


def resources_root() -> Traversable:
    """The folder of icons, sample catalogues and the JSON schema."""
    packed = files("psbuddy") / "_resources"
    return packed if packed.is_dir() else _TREE / "resources"
