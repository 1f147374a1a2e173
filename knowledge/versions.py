"""The versions of a document inside the catalogue's transactions: a new one takes the place of the one before, and
passages go in and out of the index of today as days and decisions have it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from knowledge import records, schema
from knowledge.audiences import PUBLIC, stricter
from knowledge.passages import WITHDRAWN, EmbeddedPassage, insert_passages, move_passages, remove_passages
from knowledge.types import Document, Source
from knowledge.validity import day_after, is_in_force, starts_on

_documents = schema.documents


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """One version of a document as an operator sees it. ``starts`` and ``ends`` bound the days on which it is in force
    (YYYY-MM-DD; ``ends`` is the first day after)."""

    id: str
    version: int
    title: str
    audience: str
    origin: str
    published: str | None
    starts: str | None
    ends: str | None
    ingested_at: str
    latest: bool
    in_force: bool
    superseded_by: str | None
    withdrawn_at: str | None
    original: str | None
    uploaded: bool


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def put_version(
    connection: Connection, document: Document, fingerprint: str, embedded: Sequence[EmbeddedPassage], own: str = PUBLIC
) -> None:
    """Adds the document's version, which ends the one before it; or, where the version is there already (the same file,
    read better), puts it in its place. What an operator decided (an audience, dates, a successor) holds for it too, and
    no older version is left more widely visible. ``own`` is the audience that its file names itself."""
    rows = {row.version: row for row in _versions(connection, document.source.id)}
    replaced, before = rows.get(document.source.version), rows.get(document.source.version - 1)
    latest = replaced if replaced is not None else before
    if replaced is not None:
        document = replace(document, source=replace(document.source, **_decided_dates(connection, replaced)))
        _remove_version(connection, replaced.id, replaced.version)
    source, ingested_at = document.source, replaced.ingested_at if replaced is not None else now()
    if replaced is not None and _dates_of(source) == _dates_of(records.source_from(replaced.source)):
        starts = replaced.starts
    else:
        starts = _starts_of(source, ingested_at, before)
    if before is not None:
        connection.execute(_of(before.id, before.version, latest=False))
    for row in rows.values():
        if row.version != source.version:
            _relabel_version(connection, row, stricter(row.audience, source.audience))
    connection.execute(
        insert(_documents).values(
            id=source.id,
            version=source.version,
            latest=True,
            live=False,
            audience=source.audience,
            origin=source.origin,
            digest=document.digest,
            source=records.source_json(source),
            text=document.text,
            structure=records.structure_json(document),
            original=document.original,
            ingested_at=ingested_at,
            starts=starts,
            ends=None,
            own_audience=own,
            label=latest.label if latest is not None else None,
            superseded_by=latest.superseded_by if latest is not None else None,
            withdrawn_at=latest.withdrawn_at if latest is not None else None,
        )
    )
    _set_ends(connection, source.id)
    put_passages(connection, document, fingerprint, embedded)


def put_passages(
    connection: Connection, document: Document, fingerprint: str, embedded: Sequence[EmbeddedPassage]
) -> None:
    """The passages of a version that is there, where the days and decisions of today want them."""
    where = (_documents.c.id == document.source.id, _documents.c.version == document.source.version)
    row = connection.execute(select(_documents).where(*where)).one()
    remove_passages(connection, row.id, row.version, fingerprint)
    insert_passages(connection, document, fingerprint, embedded, *_place_of(row))
    settle(connection, row.id)


def _place_of(row: Any) -> tuple[str, bool]:
    """The audience under which a version's passages are kept, and whether in the index of today. What was withdrawn is
    kept apart from all that a question can reach, so that not even a word is counted of it."""
    if row.withdrawn_at is not None:
        return WITHDRAWN, False
    return row.audience, is_in_force(None, row.ends, today())


def settle(connection: Connection, document_id: str | None = None) -> int:
    """Moves passages to where the days and decisions of today want them, of one document or of all. Returns how many
    versions moved."""
    query = select(
        _documents.c.id,
        _documents.c.version,
        _documents.c.source,
        _documents.c.audience,
        _documents.c.live,
        _documents.c.ends,
        _documents.c.withdrawn_at,
    )
    if document_id is not None:
        query = query.where(_documents.c.id == document_id)
    else:
        # Only what ends can leave the index by the passing of days.
        query = query.where(_documents.c.live, _documents.c.ends.is_not(None))
    moved = 0
    for row in connection.execute(query).all():
        audience, live = _place_of(row)
        title = json.loads(row.source)["title"]
        moved += move_passages(connection, row.id, row.version, title, audience, live) > 0
        if live != row.live:
            connection.execute(_of(row.id, row.version, live=live))
    return moved


def latest_row(connection: Connection, document_id: str) -> Any:
    return connection.execute(select(_documents).where(_documents.c.id == document_id, _documents.c.latest)).first()


def relabel(connection: Connection, document_id: str, audience: str, *, decided: bool) -> None:
    """Puts every version under the audience. ``decided``: by an operator, so that it holds for those to come; else an
    older version is never shown more widely than its own file said, nor than where it was left behind."""
    rows = _versions(connection, document_id)
    for row in rows:
        if decided:
            _relabel_version(connection, row, audience)
            connection.execute(_of(document_id, row.version, label=audience))
        elif row.latest:
            _relabel_version(connection, row, audience)
        else:
            kept = row.audience if row.audience != rows[-1].audience else PUBLIC
            _relabel_version(connection, row, stricter(stricter(row.label or row.own_audience, kept), audience))
    settle(connection, document_id)


def _relabel_version(connection: Connection, row: Any, audience: str) -> None:
    if audience == row.audience:
        return
    source = replace(records.source_from(row.source), audience=audience)
    connection.execute(_of(row.id, row.version, audience=audience, source=records.source_json(source)))


def redate(connection: Connection, document_id: str, version: int, dates: dict[str, str | None]) -> None:
    """Sets ``published``, ``valid_from`` or ``valid_until`` of a version (None clears), and the days that follow from
    them, of this version and of those before it."""
    rows = {row.version: row for row in _versions(connection, document_id)}
    row = rows[version]
    held = records.source_from(row.source)
    source = replace(held, **dates)  # type: ignore[arg-type]
    connection.execute(_of(document_id, version, source=records.source_json(source)))
    if _dates_of(source) != _dates_of(held):
        starts = _starts_of(source, row.ingested_at, rows.get(version - 1))
        connection.execute(_of(document_id, version, starts=starts))
    _set_ends(connection, document_id)
    settle(connection, document_id)


def _dates_of(source: Source) -> tuple[str | None, str | None]:
    """From when a version holds: what the operator said, and its own date."""
    return source.valid_from, source.published or source.as_of


def _starts_of(source: Source, ingested_at: str, before: Any) -> str | None:
    valid_from, dated = _dates_of(source)
    day = ingested_at[:10]
    return starts_on(valid_from, dated, day, before.starts if before is not None else None, is_first=before is None)


def _decided_dates(connection: Connection, row: Any) -> dict[str, Any]:
    """What operators said of a version's dates, which outlasts another reading of its file."""
    held = records.source_from(row.source)
    dates = {"valid_from": held.valid_from, "valid_until": held.valid_until}
    for detail in _decided(connection, row.id, "date", since=row.ingested_at):
        if detail["version"] == str(row.version) and "published" in detail:
            dates["published"] = detail["published"]
    return dates


def _decided(connection: Connection, document_id: str, action: str, since: str = "") -> list[dict[str, str | None]]:
    """The details of the decisions of a kind on a document, the oldest first."""
    table = schema.decisions
    where = (table.c.document_id == document_id, table.c.action == action, table.c.at >= since)
    query = select(table.c.detail).where(*where).order_by(table.c.number)
    return [json.loads(detail) for detail in connection.execute(query).scalars()]


def _set_ends(connection: Connection, document_id: str) -> None:
    """Each version ends where a later one starts, where another document takes its place or where it stops being valid,
    whichever comes first. So on no day is more than one in force."""
    rows = _versions(connection, document_id)
    limit = None
    if rows[-1].superseded_by is not None:
        limit = _decided(connection, document_id, "supersede")[-1]["since"]
    for row in reversed(rows):
        valid_until = records.source_from(row.source).valid_until
        ends = _earlier(limit, day_after(valid_until) if valid_until is not None else None)
        connection.execute(_of(document_id, row.version, ends=ends))
        limit = _earlier(limit, row.starts)


def supersede(connection: Connection, document_id: str, successor: str) -> None:
    """Another document takes the place of this one, from the day that the decision names."""
    row = latest_row(connection, document_id)
    connection.execute(_of(document_id, row.version, superseded_by=successor))
    _set_ends(connection, document_id)
    settle(connection, document_id)


def withdraw(connection: Connection, document_id: str, when: str | None) -> None:
    """Takes every version out of sight, or (``when`` None) puts them back."""
    connection.execute(update(_documents).where(_documents.c.id == document_id).values(withdrawn_at=when))
    settle(connection, document_id)


def apply(connection: Connection, document_id: str, action: str, detail: dict[str, str | None]) -> None:
    """Makes a decision of an operator's hold; it is kept already."""
    match action:
        case "relabel":
            relabel(connection, document_id, detail["audience"] or "", decided=True)
        case "date":
            dates = {name: day for name, day in detail.items() if name != "version"}
            redate(connection, document_id, int(detail["version"] or 0), dates)
        case "supersede":
            supersede(connection, document_id, detail["successor"] or "")
        case "withdraw":
            withdraw(connection, document_id, now())
        case "reinstate":
            withdraw(connection, document_id, None)
        case _:
            raise ValueError(f"'{action}' is no decision")


def remove(connection: Connection, document_id: str) -> None:
    """Every version with its passages, for good."""
    for row in _versions(connection, document_id):
        _remove_version(connection, document_id, row.version)


def _remove_version(connection: Connection, document_id: str, version: int) -> None:
    remove_passages(connection, document_id, version)
    connection.execute(delete(_documents).where(_documents.c.id == document_id, _documents.c.version == version))


def infos(connection: Connection, document_id: str | None = None) -> list[VersionInfo]:
    """The versions of a document, the newest last; or the latest of every document by id. For operators."""
    columns = [column for column in _documents.c if column.name not in ("text", "structure")]
    query = select(*columns).order_by(_documents.c.id, _documents.c.version)
    query = query.where(_documents.c.latest if document_id is None else _documents.c.id == document_id)
    result = []
    for row in connection.execute(query):
        source = records.source_from(row.source)
        result.append(
            VersionInfo(
                id=row.id,
                version=row.version,
                title=source.title,
                audience=row.audience,
                origin=row.origin,
                published=source.published or source.as_of,
                starts=row.starts,
                ends=row.ends,
                ingested_at=row.ingested_at,
                latest=row.latest,
                in_force=row.withdrawn_at is None and is_in_force(row.starts, row.ends, today()),
                superseded_by=row.superseded_by,
                withdrawn_at=row.withdrawn_at,
                original=row.original,
                uploaded=source.uploaded,
            )
        )
    return result


def _versions(connection: Connection, document_id: str) -> list[Any]:
    query = select(_documents).where(_documents.c.id == document_id).order_by(_documents.c.version)
    return list(connection.execute(query).all())


def _earlier(first: str | None, second: str | None) -> str | None:
    return min((day for day in (first, second) if day is not None), default=None)


def _of(document_id: str, version: int, **values: Any) -> Any:
    where = (_documents.c.id == document_id, _documents.c.version == version)
    return update(_documents).where(*where).values(**values)
