"""What one entry says of another: logs, hosts and jobs that are named must be there.

Looks at the trees, not at the validated objects, so that a wrong value elsewhere in an
application hides none of these.
"""

from collections.abc import Iterator, Mapping

from psbuddy.catalogue.problems import Problem, nearest
from psbuddy.catalogue.schema import LOCAL
from psbuddy.catalogue.tree import Map, Scalar, Seq, find, map_at, text_at

Path = tuple[str, ...]


def check_references(trees: Mapping[str, Map]) -> Iterator[Problem]:
    """Problems between entries, of all files together."""
    yield from _given_twice(trees, "applications")
    yield from _given_twice(trees, "hosts")
    yield from _given_twice(trees, "store")
    jobs = {
        (app, job)
        for tree in trees.values()
        for app in map_at(tree, ("applications",)).values
        for job in map_at(tree, ("applications", app, "jobs")).values
    }
    for file, tree in trees.items():
        yield from _local_host(file, tree)
        for app in map_at(tree, ("applications",)).values:
            yield from _logs_and_hosts(file, tree, app)
            yield from _jobs_before(file, tree, app, jobs)
    yield from _circles(trees)


def _given_twice(trees: Mapping[str, Map], section: str) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for file, tree in trees.items():
        entries = map_at(tree, (section,))
        for name, line in entries.key_lines.items():
            if name in first:
                message = f"is already in {first[name]}. Keep one of the two."
                yield Problem(file, line, f"{section}.{name}", message)
            else:
                first[name] = f"{file}:{line}"


def _local_host(file: str, tree: Map) -> Iterator[Problem]:
    for key, line in map_at(tree, ("hosts", LOCAL)).key_lines.items():
        if key != "transport" or text_at(tree, ("hosts", LOCAL, key)) != "local":
            message = "local always is this machine and needs no entry. Give the host another name."
            yield Problem(file, line, f"hosts.{LOCAL}.{key}", message)


def _logs_and_hosts(file: str, tree: Map, app: str) -> Iterator[Problem]:
    base: Path = ("applications", app)
    logs = map_at(tree, (*base, "logs")).values
    hosts = {text for _, text in _texts(tree, (*base, "hosts"))}
    for section in ("checks", "jobs", "changes"):
        for name in map_at(tree, (*base, section)).values:
            path = (*base, section, name, "log")
            log = text_at(tree, path)
            if log is not None and log not in logs:
                message = f'names the log "{log}", which this application has not.'
                yield _problem(file, tree, path, message, nearest(log, logs))
    for section in ("logs", "checks"):
        for name in map_at(tree, (*base, section)).values:
            for path, host in _texts(tree, (*base, section, name, "hosts")):
                if host not in hosts:
                    message = f'names the host "{host}", on which this application is not.'
                    yield _problem(file, tree, path, message, nearest(host, hosts))


def _jobs_before(file: str, tree: Map, app: str, jobs: set[tuple[str, str]]) -> Iterator[Problem]:
    for name in map_at(tree, ("applications", app, "jobs")).values:
        for path, before in _texts(tree, ("applications", app, "jobs", name, "after")):
            owner, _, job = before.rpartition("/")
            found = (owner or app, job)
            if found == (app, name):
                yield _problem(file, tree, path, "a job cannot come after itself.", "")
            elif found not in jobs:
                known = [other if at == app else f"{at}/{other}" for at, other in sorted(jobs)]
                message = f'names the job "{before}", which is nowhere in the catalogue.'
                yield _problem(file, tree, path, message, nearest(before, known))


def _circles(trees: Mapping[str, Map]) -> Iterator[Problem]:
    """Jobs that in the end wait for themselves; each circle is told once."""
    after: dict[tuple[str, str], list[tuple[str, str]]] = {}
    place: dict[tuple[str, str], tuple[str, int]] = {}
    for file, tree in trees.items():
        for app in map_at(tree, ("applications",)).values:
            for job, line in map_at(tree, ("applications", app, "jobs")).key_lines.items():
                texts = _texts(tree, ("applications", app, "jobs", job, "after"))
                names = (text.rpartition("/") for _, text in texts)
                after[app, job] = [(owner or app, name) for owner, _, name in names]
                place[app, job] = (file, line)
    told: set[tuple[str, str]] = set()
    for start in after:
        circle = _way_back(after, start)
        if len(circle) > 1 and start not in told:
            told.update(circle)
            file, line = place[start]
            way = " after ".join("/".join(job) for job in [*circle, start])
            key = f"applications.{start[0]}.jobs.{start[1]}.after"
            yield Problem(file, line, key, f"waits for itself: {way}.")


def _way_back(
    after: Mapping[tuple[str, str], list[tuple[str, str]]], start: tuple[str, str]
) -> list[tuple[str, str]]:
    """Jobs on the shortest way from a job back to itself, empty when there is none."""
    came_from: dict[tuple[str, str], tuple[str, str]] = {}
    waiting = [start]
    while waiting:
        job = waiting.pop(0)
        for before in after.get(job, ()):
            if before == start:
                way = [job]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if before not in came_from:
                came_from[before] = job
                waiting.append(before)
    return []


def _texts(tree: Map, path: Path) -> Iterator[tuple[Path, str]]:
    """Texts of a list, or the one text that may stand in its place."""
    node = find(tree, path)[1]
    if isinstance(node, Scalar) and node.text is not None:
        yield path, node.text
    elif isinstance(node, Seq):
        for index, item in enumerate(node.items):
            if isinstance(item, Scalar) and item.text is not None:
                yield (*path, str(index)), item.text


def _problem(file: str, tree: Map, path: Path, message: str, near: str) -> Problem:
    return Problem(file, find(tree, path)[0], ".".join(path), message, near)
