"""The versions of a document inside the catalogue's transactions: a new one takes the place of the one before, and
passages go in and out of the index of today as days and decisions have it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from knowledge import records, schema
from knowledge.audiences import stricter
from knowledge.passages import EmbeddedPassage, insert_passages, move_passages, remove_passages
from knowledge.types import Document
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


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def put_version(
    connection: Connection, document: Document, fingerprint: str, embedded: Sequence[EmbeddedPassage]
) -> None:
    """Adds the document's version and ends the one before it on the day this one starts; or, where the version is
    there already (the same file, read better), puts it in its place. What an operator decided on the document (an
    audience, a successor) holds for the new version too, and no older version is left more widely visible."""
    source = document.source
    rows = {row.version: row for row in _versions(connection, source.id)}
    replaced, before = rows.get(source.version), rows.get(source.version - 1)
    latest = replaced if replaced is not None else before
    if replaced is not None:
        starts, ends, ingested_at = replaced.starts, replaced.ends, replaced.ingested_at
        _remove_version(connection, source.id, source.version)
    else:
        starts = starts_on(
            source.valid_from,
            source.published or source.as_of,
            today(),
            before.starts if before is not None else None,
            is_first=before is None,
        )
        ends, ingested_at = None, now()
        if before is not None:
            ends = before.ends if before.superseded_by is not None else None
            connection.execute(_of(source.id, before.version, latest=False, ends=_earlier(before.ends, starts)))
    for row in rows.values():
        narrower = stricter(row.audience, source.audience)
        if row.version != source.version and narrower != row.audience:
            _relabel_version(connection, row, narrower)
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
            ends=ends,
            label=latest.label if latest is not None else None,
            superseded_by=latest.superseded_by if latest is not None else None,
            withdrawn_at=latest.withdrawn_at if latest is not None else None,
        )
    )
    insert_passages(connection, document, fingerprint, embedded, live=False)
    settle(connection, source.id)


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
        live = row.withdrawn_at is None and is_in_force(None, row.ends, today())
        title = json.loads(row.source)["title"]
        moved += move_passages(connection, row.id, row.version, title, row.audience, live) > 0
        if live != row.live:
            connection.execute(_of(row.id, row.version, live=live))
    return moved


def latest_row(connection: Connection, document_id: str) -> Any:
    return connection.execute(select(_documents).where(_documents.c.id == document_id, _documents.c.latest)).first()


def relabel(connection: Connection, document_id: str, audience: str, *, decided: bool) -> None:
    """Puts every version under the audience; ``decided``: by an operator, so that it holds for those to come."""
    for row in _versions(connection, document_id):
        _relabel_version(connection, row, audience)
        if decided:
            connection.execute(_of(document_id, row.version, label=audience))
    settle(connection, document_id)


def _relabel_version(connection: Connection, row: Any, audience: str) -> None:
    source = replace(records.source_from(row.source), audience=audience)
    connection.execute(_of(row.id, row.version, audience=audience, source=records.source_json(source)))


def redate(connection: Connection, document_id: str, version: int, dates: dict[str, str | None]) -> None:
    """Sets ``published``, ``valid_from`` or ``valid_until`` of a version (None clears), and the days that follow from
    them, of this version and of the one before it."""
    rows = {row.version: row for row in _versions(connection, document_id)}
    row = rows[version]
    source = replace(records.source_from(row.source), **dates)  # type: ignore[arg-type]
    before = rows.get(version - 1)
    starts = starts_on(
        source.valid_from,
        source.published or source.as_of,
        row.ingested_at[:10],
        before.starts if before is not None else None,
        is_first=before is None,
    )
    following = rows.get(version + 1)
    ends = _earlier(
        following.starts if following is not None else None,
        day_after(source.valid_until) if source.valid_until is not None else None,
    )
    if following is None and row.superseded_by is not None:
        ends = _earlier(ends, row.ends)
    connection.execute(_of(document_id, version, source=records.source_json(source), starts=starts, ends=ends))
    if before is not None:
        known = records.source_from(before.source).valid_until
        limit = _earlier(starts, day_after(known) if known is not None else None)
        connection.execute(_of(document_id, before.version, ends=limit))
    settle(connection, document_id)


def supersede(connection: Connection, document_id: str, successor: str, since: str) -> None:
    """Ends the latest version on the day ``since``: another document has taken its place."""
    row = latest_row(connection, document_id)
    ends = _earlier(row.ends, since)
    connection.execute(_of(document_id, row.version, superseded_by=successor, ends=ends))
    settle(connection, document_id)


def withdraw(connection: Connection, document_id: str, when: str | None) -> None:
    """Takes every version out of sight, or (``when`` None) puts them back."""
    connection.execute(update(_documents).where(_documents.c.id == document_id).values(withdrawn_at=when))
    settle(connection, document_id)


def apply(connection: Connection, document_id: str, action: str, detail: dict[str, str | None]) -> None:
    """Makes a decision of an operator's hold."""
    match action:
        case "relabel":
            relabel(connection, document_id, detail["audience"] or "", decided=True)
        case "date":
            dates = {name: day for name, day in detail.items() if name != "version"}
            redate(connection, document_id, int(detail["version"] or 0), dates)
        case "supersede":
            supersede(connection, document_id, detail["successor"] or "", detail["since"] or today())
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
