"""Writing into the catalogue without losing a comment of the people who keep it.

A change is made in memory, validated together with all other files, and only then put in
place of the file, in one step. Nothing is written when it would make the catalogue wrong.
"""

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from psbuddy.catalogue.load import catalogue_files, check_texts
from psbuddy.catalogue.problems import CatalogueError, Problem
from psbuddy.catalogue.schema import LOCAL
from psbuddy.catalogue.tree import MAX_BYTES, Map, Node, Seq, map_at, read_tree

HEADER = "# Written by PS Buddy; yours to edit. Every key: docs/catalogue.md\n"
#: Folders that say nothing of whose log it is.
_GENERAL = ("", "log", "logs", "var")

Change = Callable[[CommentedMap], None]


def add_host(folder: Path, alias: str, entry: Mapping[str, Any]) -> Path:
    """Say how `alias` is reached, in hosts.yaml or where it already stands.

    Raises CatalogueError when the result would not be valid, OSError when it cannot be written.
    """
    file = _holder(folder, "hosts", alias) or folder / "hosts.yaml"

    def change(document: CommentedMap) -> None:
        _section(document, "hosts")[alias] = _written(entry)

    return _rewrite(folder, file, change)


def add_application(folder: Path, app_id: str, entry: Mapping[str, Any]) -> Path:
    """Add an application in a file of its own. Raises CatalogueError if it is there already."""
    holder = _holder(folder, "applications", app_id)
    if holder:
        problem = Problem(holder.name, 0, f"applications.{app_id}", "is there already.")
        raise CatalogueError([problem])

    def change(document: CommentedMap) -> None:
        _section(document, "applications")[app_id] = _written(entry)

    return _rewrite(folder, folder / f"{_file_stem(app_id)}.yaml", change)


def remove_application(folder: Path, app_id: str) -> Path:
    """Take an application out of the catalogue; its history stays in the store."""
    return _remove(folder, "applications", app_id)


def remove_host(folder: Path, alias: str) -> Path:
    """Take what the catalogue says of a host out of it."""
    return _remove(folder, "hosts", alias)


def watch_logs(
    folder: Path,
    *,
    host: str,
    app_id: str,
    app_name: str,
    paths: Iterable[str],
    host_entry: Mapping[str, Any] | None = None,
) -> Path:
    """Watch these logs of a host as part of an application; returns the file that says so.

    `host` may be user@name: the alias then is the name, and its entry says the user.
    An application that is not there yet gets a file of its own; else the host and the logs
    are added to it. Logs that it has already are left as they are.
    """
    user, at, host = host.rpartition("@")
    if at:
        host_entry = {**(host_entry or {}), "user": user}
    holder = _holder(folder, "applications", app_id)
    file = holder or folder / f"{_file_stem(app_id)}.yaml"
    wanted = list(dict.fromkeys(paths))

    def change(document: CommentedMap) -> None:
        if host_entry and host != LOCAL:
            _section(document, "hosts")[host] = _written(host_entry)
        applications = _section(document, "applications")
        if app_id not in applications:
            applications[app_id] = _written({"name": app_name, "hosts": [host]})
        application = applications[app_id]
        _add_to_list(application, "hosts", host)
        logs = _section(application, "logs")
        known = {str(log.get("path")) for log in logs.values() if isinstance(log, Mapping)}
        for path in wanted:
            if path not in known:
                logs[_log_id(path, logs)] = _written({"path": path})

    if host_entry and host != LOCAL and _holder(folder, "hosts", host) not in (None, file):
        add_host(folder, host, host_entry)
        host_entry = None
    return _rewrite(folder, file, change)


def _remove(folder: Path, section: str, name: str) -> Path:
    file = _holder(folder, section, name)
    if file is None:
        raise CatalogueError([Problem(str(folder), 0, f"{section}.{name}", "is not there.")])

    def change(document: CommentedMap) -> None:
        del document[section][name]

    return _rewrite(folder, file, change, removed=(section, name))


def _holder(folder: Path, section: str, name: str) -> Path | None:
    """The file that holds an entry."""
    for file in catalogue_files(folder):
        if name in map_at(read_tree(_read(file), file.name)[0], (section,)).values:
            return file
    return None


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)


def _rewrite(
    folder: Path, file: Path, change: Change, *, removed: tuple[str, str] | None = None
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    before = _read(file) if file.exists() else b""
    tree, problems = read_tree(before, file.name)
    if problems:
        raise CatalogueError(problems)
    text = _changed(before, change)
    _nothing_else_changed(file.name, tree, read_tree(text, file.name)[0], removed)
    _must_be_valid(folder, file, text)
    _put(file, text)
    return file


def _changed(before: bytes, change: Change) -> bytes:
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    source = before.decode("utf-8-sig") or HEADER
    document = yaml.load(source)
    head = ""
    if document is None:  # nothing but comments: they stay on top
        document, head = CommentedMap(), source
    change(document)
    target = StringIO()
    yaml.dump(document, target)
    return (head + target.getvalue()).encode()


def _nothing_else_changed(
    file: str, before: Map, after: Map, removed: tuple[str, str] | None
) -> None:
    """The writer must hand back every text it was not asked to change."""
    lost = [path for path in _lost(before, after, ()) if path[:2] != removed]
    if lost:
        key = ".".join(lost[0])
        message = "would be written differently. Make this change by hand."
        raise CatalogueError([Problem(file, 0, key, message)])


def _lost(before: Node, after: Node | None, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if isinstance(before, Map) and isinstance(after, Map):
        return [
            lost
            for key, value in before.values.items()
            for lost in _lost(value, after.values.get(key), (*path, key))
        ]
    if isinstance(before, Seq) and isinstance(after, Seq):
        kept = [item.plain() for item in after.items[: len(before.items)]]
        return [] if kept == [item.plain() for item in before.items] else [path]
    if path[:1] == ("hosts",) and len(path) > 1:
        return []  # how a host is reached is replaced as a whole
    if after is not None and (before.plain() == after.plain() or before.plain() is None):
        return []
    return [path] if not isinstance(after, Seq) else []  # a single host became a list


def _must_be_valid(folder: Path, file: Path, text: bytes) -> None:
    texts = {each.name: _read(each) for each in catalogue_files(folder)}
    told_before = set(check_texts(folder, texts)[1])
    _, problems = check_texts(folder, {**texts, file.name: text})
    new = [each for each in problems if each.file == file.name or each not in told_before]
    if new:
        raise CatalogueError(new)


def _put(file: Path, text: bytes) -> None:
    """Replace the file in one step; its rights stay as they were."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        mode = file.stat().st_mode & 0o777 if file.exists() else 0o644
        Path(name).chmod(mode)
        Path(name).replace(file)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


def _section(parent: CommentedMap, name: str) -> CommentedMap:
    if parent.get(name) is None:
        parent[name] = CommentedMap()
    section = parent[name]
    assert isinstance(section, CommentedMap)
    return section


def _written(entry: Mapping[str, Any]) -> CommentedMap:
    """The entry as it is to be written; what is not given is left out."""
    found = CommentedMap()
    for key, value in entry.items():
        if isinstance(value, Mapping):
            found[key] = _written(value)
        elif value is not None:
            found[key] = list(value) if isinstance(value, tuple) else value
    return found


def _add_to_list(parent: CommentedMap, key: str, value: str) -> None:
    present = parent.get(key)
    if isinstance(present, str):
        present = parent[key] = [present]
    if present is None:
        parent[key] = [value]
    elif value not in [str(each) for each in present]:
        present.append(value)


def _file_stem(app_id: str) -> str:
    """A file name from an id that is not validated yet."""
    return re.sub(r"[^a-z0-9._-]", "-", app_id.lower()).strip(".") or "application"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text).strip("-._")[:60]


def _log_id(path: str, taken: Mapping[str, Any]) -> str:
    """A short id from a file name, not taken yet: /var/log/shop/app.log gives app or shop-app."""
    *folders, name = re.split(r"[\\/]", path.lower())
    base = _slug(re.sub(r"\.(log|txt|out|err|trc|jsonl?)$", "", name)) or "log"
    near = next((one for one in map(_slug, reversed(folders)) if one not in _GENERAL), "")
    if base in taken and near:  # its folder says more than a number does
        base = f"{near}-{base}"[:60]
    candidate, number = base, 2
    while candidate in taken:
        candidate, number = f"{base}-{number}", number + 1
    return candidate
