"""Writes what was learned about causes, and works out anew which of them are one."""

from collections.abc import Iterable, Mapping, Sequence

from psbuddy.model.causes import LearnedGroup
from psbuddy.store import tables as t
from psbuddy.store.aliases import LEARNED_UNTIL, Group, Link, Ruling, resolve
from psbuddy.store.caps import DETAIL, cap
from psbuddy.store.silence import mark_returns
from psbuddy.store.sql import Cursor, fetch_keys, insert, upsert

_OF_APP = "cause_id IN (SELECT cause_id FROM cause WHERE app_id = ?)"
_RULINGS = f"""SELECT cause_id, kind, target_id, word, note, since, until
FROM cause_decision WHERE {_OF_APP}"""
_LEARN = f"""{insert(t.cause_learned, "cause_id", "anchor_id", "title", "template", "why", "since")}
ON CONFLICT (cause_id) DO UPDATE SET anchor_id = excluded.anchor_id, title = excluded.title,
  template = excluded.template"""
_PLAIN = """UPDATE cause SET shown_title = '', shown_template = '', mark = '', marked_at = 0,
  mark_until = 0, mark_note = ''
WHERE app_id = ? AND (shown_title <> '' OR shown_template <> '' OR mark <> '')"""
_SHOW = """UPDATE cause SET shown_title = ?, shown_template = ?, mark = ?, marked_at = ?,
  mark_until = ?, mark_note = ? WHERE cause_id = ?"""
_UNTIL = upsert(t.store_info, key=("name",), replace=("value",))
_ALIAS = insert(t.cause_alias, "cause_id", "survivor_id", '"by"', "why", "since")


def rename(cursor: Cursor, apps: Iterable[str]) -> None:
    """Let the oldest fingerprint of each cause name it, after records that came late."""
    for app in apps:
        work_out(cursor, app_id_of(cursor, app))


def learn(
    cursor: Cursor, found: Mapping[str, Sequence[LearnedGroup]], now: int, until: int
) -> frozenset[str]:
    """Keep what was learned, and how far learning has come, in one transaction."""
    new = frozenset(app for app in found if write_learned(cursor, app, found[app], now))
    cursor.execute(_UNTIL, (LEARNED_UNTIL, str(until)))
    return new


def write_learned(cursor: Cursor, app: str, found: Sequence[LearnedGroup], now: int) -> bool:
    """Join groups with what was learned before; nothing is ever taken apart here.

    Fingerprints that the application does not have are left out. False when all was known.
    """
    app_id = app_id_of(cursor, app)
    if app_id == 0:
        return False
    ids = _ids(cursor, app_id, {name for group in found for name in group.members})
    links = {link.cause: link for link in _links(cursor, app_id)}
    words = _words(cursor, app_id)
    before = dict(links), dict(words)
    for group in found:
        members = sorted(ids[name] for name in group.members if name in ids)
        if len(members) > 1:
            _join(links, words, members, group, now)
    if (links, words) == before:
        return False
    rows = [
        (link.cause, link.anchor, *words.get(link.cause, ("", "")), link.why, link.since)
        for link in links.values()
    ]
    cursor.executemany(_LEARN, rows)
    work_out(cursor, app_id)
    mark_returns(cursor, app_id, sorted(links.keys() - before[0].keys()))
    return True


def work_out(cursor: Cursor, app_id: int) -> None:
    """Bring the aliases, shown words and marks of an application up to date."""
    links, rulings = _links(cursor, app_id), rulings_of(cursor, app_id)
    named = {link.cause for link in links} | {ruling.cause for ruling in rulings}
    named |= {ruling.target for ruling in rulings if ruling.target}
    sql = "SELECT cause_id, first_seen, fingerprint FROM cause WHERE (cause_id) IN"
    ages = {c: (first, name) for c, first, name in fetch_keys(cursor, sql, [(c,) for c in named])}
    groups = resolve(ages, links, rulings)
    cursor.execute(f"DELETE FROM cause_alias WHERE {_OF_APP}", (app_id,))
    cursor.executemany(
        _ALIAS,
        [(a.cause, a.survivor, a.by, a.why, a.since) for group in groups for a in group.aliases],
    )
    cursor.execute(_PLAIN, (app_id,))
    words = _words(cursor, app_id)
    cursor.executemany(_SHOW, [_shown(group, words.get(group.learned)) for group in groups])


def app_id_of(cursor: Cursor, app: str) -> int:
    """Id of an application, 0 when it is not known."""
    cursor.execute("SELECT app_id FROM application WHERE app = ?", (app,))
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def rulings_of(cursor: Cursor, app_id: int) -> list[Ruling]:
    """Everything a person decided on causes of an application."""
    cursor.execute(_RULINGS, (app_id,))
    return [
        Ruling(cause, kind, target or 0, word, note, since, until)
        for cause, kind, target, word, note, since, until in cursor.fetchall()
    ]


def _links(cursor: Cursor, app_id: int) -> list[Link]:
    cursor.execute(
        f"SELECT cause_id, anchor_id, why, since FROM cause_learned WHERE {_OF_APP}", (app_id,)
    )
    return [Link(*row) for row in cursor.fetchall()]


def _words(cursor: Cursor, app_id: int) -> dict[int, tuple[str, str]]:
    """Title and template of each learned group, by its anchor."""
    cursor.execute(
        "SELECT cause_id, title, template FROM cause_learned "
        f"WHERE cause_id = anchor_id AND {_OF_APP}",
        (app_id,),
    )
    return {cause: (title, template) for cause, title, template in cursor.fetchall()}


def _ids(cursor: Cursor, app_id: int, names: Iterable[str]) -> dict[str, int]:
    sql = "SELECT fingerprint, cause_id FROM cause WHERE (app_id, fingerprint) IN"
    return dict(fetch_keys(cursor, sql, [(app_id, cap(name)) for name in names]))


def _join(
    links: dict[int, Link],
    words: dict[int, tuple[str, str]],
    members: Sequence[int],
    group: LearnedGroup,
    now: int,
) -> None:
    """Members and the groups they were in become one; the smallest anchor is its anchor."""
    roots = {links[cause].anchor if cause in links else cause for cause in members}
    anchor = min(roots)
    for cause, link in list(links.items()):
        if link.anchor in roots and link.anchor != anchor:
            links[cause] = Link(cause, anchor, link.why, link.since)
    for cause in (anchor, *members):
        if cause not in links:
            links[cause] = Link(cause, anchor, cap(group.why, DETAIL), now)
    for root in roots - {anchor}:
        words.pop(root, None)
    words[anchor] = cap(group.title, DETAIL), cap(group.template, DETAIL)


def _shown(group: Group, words: tuple[str, str] | None) -> tuple[object, ...]:
    title, template = words or ("", "")
    mark = group.mark
    return (
        group.title or title,
        template,
        *((mark.word, mark.since, mark.until, mark.note) if mark else ("", 0, 0, "")),
        group.members[0],
    )
