"""One file that a knowledge base can be made again from: the catalogue at one moment, and the originals it names.

The desk may answer and an ingest may run meanwhile; no lock is taken. The vector index is derived and left out. The
file is read back before it gets its name: it is whole, or absent.
"""

import gzip
import sqlite3
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from knowledge.beside import flush, folder_beside
from knowledge.catalogue import Catalogue
from knowledge.errors import DataDirectoryError, UnusableBackup
from knowledge.keeping.archive import (
    CATALOGUE,
    MANIFEST,
    Manifest,
    Member,
    Progress,
    original_name,
    quietly,
    read_archive,
    skip,
    write_archive,
)
from knowledge.keeping.incoming import digest_of_file
from knowledge.keeping.outgoing import copy_catalogue, manifest_of, named_originals
from knowledge.originals import Originals, digest_of

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was put into the file. ``lost`` are the digests of originals that were missing or damaged in the base: the
    texts made from them are in the backup, they themselves are not."""

    file: str
    size: int
    made_at: str
    documents: int
    versions: int
    passages: int
    originals: int
    lost: tuple[str, ...] = ()


def back_up(directory: Path, file: Path, progress: Progress | None = None) -> BackupReport:
    """Makes ``file``, in the place of an earlier backup of that name. Raises UnusableBackup where the name is that of
    something else, StoreEmpty, IndexMismatch or DataDirectoryError."""
    told = progress or quietly
    Catalogue(directory).close()  # an empty directory and another schema say so themselves
    try:
        _refuse_what_is_no_backup(file)
        with folder_beside(file) as staging:
            made = staging / "backup"
            manifest = _packed(directory, staging, made, told)
            read_archive(made, skip, told, "reading it back")
            size = made.stat().st_size
            made.replace(file)
            flush(file.parent)
    except sqlite3.DatabaseError as error:
        raise DataDirectoryError(
            f"The catalogue in {directory} cannot be copied to {file}: {error}. Run `migdesk knowledge check --data "
            f"{directory}`; no backup was made."
        ) from error
    except OSError as error:
        raise DataDirectoryError(f"{file} cannot be written: {error.strerror or error}. No backup was made.") from error
    return BackupReport(
        file=str(file),
        size=size,
        made_at=manifest.made_at,
        documents=manifest.documents,
        versions=manifest.versions,
        passages=manifest.passages,
        originals=len(manifest.originals),
        lost=manifest.lost,
    )


def _packed(directory: Path, staging: Path, made: Path, told: Progress) -> Manifest:
    """The catalogue and its originals in ``made``. Where an original has gone since the catalogue was copied, its
    document was deleted meanwhile: what is being deleted goes into no backup, so the catalogue is copied again."""
    for _ in range(_ATTEMPTS):
        copy = staging / CATALOGUE
        made_at = copy_catalogue(directory / CATALOGUE, copy, told)
        named = named_originals(copy)
        members, lost = _members(Originals(directory), sorted(named), told)
        if lost and not lost <= named_originals(directory / CATALOGUE):
            continue
        catalogue = Member(name=CATALOGUE, size=copy.stat().st_size, digest=digest_of_file(copy))
        manifest = manifest_of(copy, made_at, (catalogue, *members), lost)
        try:
            write_archive(made, manifest, _opener(copy, Originals(directory)), told)
        except _Gone:
            made.unlink()
            continue
        return manifest
    raise DataDirectoryError(
        f"Documents in {directory} were deleted faster than they could be copied. No backup was made; try again."
    )


class _Gone(Exception):
    """An original was deleted between being counted and being packed."""


def _members(originals: Originals, digests: list[str], told: Progress) -> tuple[list[Member], frozenset[str]]:
    """Those that are there and whole, and the digests of the others."""
    members, lost = [], set()
    for number, digest in enumerate(digests, start=1):
        raw = originals.get(digest)
        if raw is not None and digest_of(raw) == digest:
            members.append(Member(name=original_name(digest), size=len(raw), digest=digest))
        else:
            lost.add(digest)
        told(number, len(digests), "counting the originals")
    return members, frozenset(lost)


def _opener(catalogue: Path, originals: Originals) -> Callable[[Member], IO[bytes]]:
    def open_(member: Member) -> IO[bytes]:
        if member.name == CATALOGUE:
            return catalogue.open("rb")
        raw = originals.get(member.digest)
        if raw is None or len(raw) != member.size:
            raise _Gone
        return BytesIO(raw)

    return open_


def _refuse_what_is_no_backup(file: Path) -> None:
    """An earlier backup is taken the place of, also a damaged one; nobody's thesis is."""
    if file.exists() and not _begins_as_a_backup(file):
        raise UnusableBackup(f"{file} is there already and is no backup. Name another file; nothing was changed.")


def _begins_as_a_backup(file: Path) -> bool:
    wanted = f"{MANIFEST}\0".encode()
    try:
        with gzip.open(file) as packed:
            return packed.read(len(wanted)) == wanted
    except (OSError, EOFError, zlib.error):
        return False
