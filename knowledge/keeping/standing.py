"""What stands in a base that a backup is about to take the place of, and what of it has to go on holding.

A backup is older than the base it replaces. Whoever was shut out of a document since then stays shut out: withdrawals
and narrower audiences are decided again in the restored catalogue. What would open something is not carried over.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path

from knowledge.audiences import PUBLIC, stricter
from knowledge.catalogue import FILE, Catalogue
from knowledge.keeping.archive import Manifest
from knowledge.types import Action, Decision

# Above every number that a base which cannot be read any more can have used for its passages and revisions.
_BEYOND = 2**40


@dataclass(frozen=True, slots=True)
class Standing:
    """``audiences`` maps a document to its versions and theirs, ``labels`` to what an operator decided; ``restoring``
    is the backup that is being restored there, if one is. Where the base cannot be read, only the numbers are of use.
    """

    base: str = ""
    revision: int = _BEYOND
    last_key: int = _BEYOND
    restoring: str = ""
    audiences: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    withdrawn: frozenset[str] = frozenset()
    decisions: tuple[Decision, ...] = ()
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """``kept`` was decided again; ``lapsed`` was decided since the backup and does not hold any more."""

    kept: tuple[Decision, ...] = ()
    lapsed: tuple[Decision, ...] = ()


def standing_in(directory: Path) -> Standing | None:
    """None where there is no base. Never raises: one that is damaged or of another version is a base all the same."""
    path = directory / FILE
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=10)) as connection:
            connection.execute("BEGIN")
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return None  # what a killed first restore or ingest leaves
            return _read(connection)
    except (sqlite3.DatabaseError, ValueError):
        return Standing(is_readable=False)


def _read(connection: sqlite3.Connection) -> Standing:
    settings: dict[str, str] = dict(connection.execute("SELECT name, value FROM settings"))
    sequence = connection.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = 'passages'").fetchone()[0]
    audiences: dict[str, dict[int, str]] = {}
    labels: dict[str, str] = {}
    withdrawn: set[str] = set()
    decisions = tuple(
        Decision(who, document_id, action, json.loads(detail), at)
        for who, document_id, action, detail, at in connection.execute(
            "SELECT who, document_id, action, detail, at FROM decisions ORDER BY number"
        )
    )
    # The decisions first: they also speak of documents that were deleted since and that the backup brings back.
    for decision in decisions:
        if decision.action == "relabel":
            labels[decision.document_id] = decision.detail["audience"] or PUBLIC
        elif decision.action == "withdraw":
            withdrawn.add(decision.document_id)
        elif decision.action == "reinstate":
            withdrawn.discard(decision.document_id)
    for identifier, version, audience, label, withdrawn_at in connection.execute(
        "SELECT id, version, audience, label, withdrawn_at FROM documents ORDER BY id, version"
    ):
        audiences.setdefault(identifier, {})[version] = audience
        labels.pop(identifier, None)
        withdrawn.discard(identifier)
        if label is not None:
            labels[identifier] = label
        if withdrawn_at is not None:
            withdrawn.add(identifier)
    return Standing(
        base=settings.get("base", ""),
        revision=int(settings.get("revision", 0)),
        last_key=sequence or 0,
        restoring=settings.get("restoring", ""),
        audiences=audiences,
        labels=labels,
        withdrawn=frozenset(withdrawn),
        decisions=decisions,
    )


def carry_over(standing: Standing, backup: Manifest, restored: Path) -> CarriedOver:
    """Decides again what shuts somebody out, in the catalogue in ``restored``; unless the backup is younger than the
    base."""
    held = standing_in(restored) or Standing()
    since = _since(standing.decisions, held.decisions)
    if not since and backup.base == standing.base and backup.revision >= standing.revision:
        return CarriedOver()
    kept = tuple(_stricter(standing, held))
    catalogue = Catalogue(restored)
    try:
        for decision in kept:
            if decision.who:
                first: dict[str, str | None] = {"decided_at": decision.at} if decision.at else {}
                catalogue.decide(replace(decision, detail={**decision.detail, **first}))
            else:
                catalogue.relabel(decision.document_id, decision.detail["audience"] or PUBLIC)
    finally:
        catalogue.close()
    return CarriedOver(kept, tuple(_lapsed(since, standing_in(restored) or held)))


def _since(decisions: Iterable[Decision], known: Iterable[Decision]) -> list[Decision]:
    """Those that are not among the known ones."""
    left = Counter(map(_key, known))
    since = []
    for decision in decisions:
        if left[_key(decision)]:
            left[_key(decision)] -= 1
        else:
            since.append(decision)
    return since


def _key(decision: Decision) -> tuple[str, ...]:
    detail = json.dumps(decision.detail, sort_keys=True)
    return (decision.who, decision.document_id, decision.action, detail, decision.at)


def _stricter(was: Standing, held: Standing) -> Iterator[Decision]:
    """What has to be decided on the documents held, so that nobody sees what was hidden from them before. ``who`` is
    empty where it was no operator's decision but the audience that an ingest gave."""
    for identifier, versions in held.audiences.items():
        if identifier in was.withdrawn and identifier not in held.withdrawn:
            reason = "withdrawn in the base that the backup took the place of"
            yield _last(was, identifier, "withdraw") or Decision("restore", identifier, "withdraw", {"reason": reason})
        label, held_label = was.labels.get(identifier), held.labels.get(identifier)
        before = was.audiences.get(identifier, {})
        newest = before[max(before)] if before else label or PUBLIC
        wanted = {version: stricter(before.get(version, newest), now) for version, now in versions.items()}
        narrower_label = label is not None and stricter(label, held_label or PUBLIC) != (held_label or PUBLIC)
        if wanted != versions or narrower_label:
            decided = _last(was, identifier, "relabel")
            who = decided.who if decided else "restore" if label or held_label else ""
            detail: dict[str, str | None] = {"audience": reduce(stricter, wanted.values())}
            yield Decision(who, identifier, "relabel", detail, decided.at if decided else "")


def _lapsed(since: Iterable[Decision], held: Standing) -> Iterator[Decision]:
    """Of each document's decisions the last of a kind, where the restored base does not stand as it says."""
    last: dict[tuple[str, str], Decision] = {}
    for decision in since:
        kind = "withdraw" if decision.action == "reinstate" else decision.action
        last[decision.document_id, kind] = decision
    for decision in last.values():
        identifier = decision.document_id
        versions = held.audiences.get(identifier)
        if versions is None:
            continue  # the document itself is not there any more, which is told of otherwise
        match decision.action:
            case "withdraw":
                holds = identifier in held.withdrawn
            case "reinstate":
                holds = identifier not in held.withdrawn
            case "relabel":
                holds = set(versions.values()) == {decision.detail["audience"]}
            case _:
                holds = False
        if not holds:
            yield decision


def _last(standing: Standing, document_id: str, action: Action) -> Decision | None:
    found = (d for d in reversed(standing.decisions) if d.document_id == document_id and d.action == action)
    return next(found, None)
