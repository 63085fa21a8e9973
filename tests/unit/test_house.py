"""The house keeps its shape: no import runs in a circle, the map names rooms that exist."""

import ast
import re
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("psbuddy", "collectors", "ui")


def _runtime_imports() -> dict[str, set[str]]:
    graph = grimp.build_graph(*ROOMS, exclude_type_checking_imports=True, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def _circle(imports: dict[str, set[str]]) -> list[str]:
    """Modules that are left when everything that imports nothing left is taken away."""
    left = {
        module: {name for name in names if name in imports} for module, names in imports.items()
    }
    while True:
        leaves = {module for module, names in left.items() if not names}
        if not leaves:
            return sorted(left)
        left = {m: names - leaves for m, names in left.items() if m not in leaves}


def test_no_import_runs_in_a_circle() -> None:
    assert _circle(_runtime_imports()) == []


def test_a_planted_circle_is_found() -> None:
    assert _circle({"a": {"b"}, "b": {"a"}, "c": {"a"}, "d": set()}) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "ui" / "panels").glob("*/view.py")), ids=lambda path: path.parent.name
)
def test_the_thinking_of_a_panel_knows_no_qt(path: Path) -> None:
    imported = [
        name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([a.name for a in node.names] + [getattr(node, "module", "") or ""])
    ]
    assert imported
    assert not [name for name in imported if name.startswith(("PySide6", "pyqtgraph"))]


def test_every_room_on_the_map_exists() -> None:
    plan = (ROOT / "ARCHITECTURE.md").read_text().split("## Contracts")[0]
    named = set(re.findall(r"`((?:psbuddy|collectors|ui|scripts|docs|tests)/[\w./]+)`", plan))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_packaging_shadows_no_library() -> None:
    assert (ROOT / "packaging").is_dir()
    assert list((ROOT / "packaging").rglob("*.py")) == []


def test_every_link_between_documents_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    broken = [
        f"{page.name} -> {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []
