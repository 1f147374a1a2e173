"""A knowledge base made again from a backup, in an empty data directory or in the place of another base.

A kill leaves the old base whole, or the restored one; running again does the rest. The vector index is built anew
afterwards; until then questions are compared exactly, with the same results.
"""

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.catalogue import Catalogue
from knowledge.errors import BaseExists, DataDirectoryError, UnusableBackup
from knowledge.keeping.archive import (
    CATALOGUE,
    Contents,
    Manifest,
    Member,
    Progress,
    original_name,
    quietly,
    read_archive,
    skip,
)
from knowledge.keeping.incoming import check_catalogue, put_into_use, renumber
from knowledge.keeping.standing import CarriedOver, Standing, carry_over, standing_in
from knowledge.locks import writer_lock
from knowledge.originals import Originals
from knowledge.snapshots import Snapshots
from knowledge.types import Decision

STAGING = "restoring"
# Unpacked beside, and once more in SQLite's log while it is written into the catalogue in use.
_ROOM = 2


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What the base holds now. ``kept`` are stricter decisions made after the backup, which were made again; ``lapsed``
    others, which do not hold any more; ``gone`` the documents that were added since and are not there any more,
    ``back`` those that were deleted since and are there again; ``lost`` the originals that the backup did not have.

    ``decisions_unreadable``: the base in the way could not be read, so nothing of what was decided in it was kept.
    ``restart``: a desk that runs on the directory has to be started again. ``completed``: an earlier restore of the
    same backup was interrupted, and this run did what was missing.
    """

    made_at: str
    documents: int
    versions: int
    passages: int
    originals: int
    kept: tuple[Decision, ...] = ()
    lapsed: tuple[Decision, ...] = ()
    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    replaced: bool = False
    decisions_unreadable: bool = False
    restart: bool = False
    completed: bool = False


def restore(
    file: Path,
    directory: Path,
    *,
    replace: bool = False,
    progress: Progress | None = None,
    chroma_url: str | None = None,
) -> RestoreReport:
    """Raises UnusableBackup before anything is touched, BaseExists where there is a base and ``replace`` is not set,
    StoreBusy, DataDirectoryError, and IndexDamaged when everything but the vector index is restored."""
    told = progress or quietly
    try:
        contents = read_archive(file, skip, told, "checking the backup")
        _check_room(directory, contents.manifest)
        with writer_lock(directory):
            return _restored(file, contents, directory, replace, told, chroma_url)
    except OSError as error:
        raise DataDirectoryError(
            f"The backup {file} cannot be restored into {directory}: {error.strerror or error}. Free the cause and run "
            "the command again."
        ) from error
    except sqlite3.DatabaseError as error:
        raise DataDirectoryError(
            f"The catalogue in {directory} cannot be written: {error}. Free the cause and run the command again."
        ) from error


def _restored(
    file: Path, contents: Contents, directory: Path, replace: bool, told: Progress, chroma_url: str | None
) -> RestoreReport:
    standing = standing_in(directory)
    if standing is not None and not replace:
        if standing.restoring != contents.identity:
            raise BaseExists(
                f"{directory} holds a knowledge base already. Add --replace to put the backup in its place, or name an "
                "empty directory with --data."
            )
        _finish(directory, told, chroma_url)
        return _report(contents.manifest, None, CarriedOver(), completed=True)
    staging = directory / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    try:
        _unpack(file, contents, staging, told)
        carried = _prepare(staging, contents, standing)
        for member in contents.manifest.originals:
            target = directory / original_name(member.digest)
            target.parent.mkdir(parents=True, exist_ok=True)
            (staging / member.digest).replace(target)
        restart = not put_into_use(staging / CATALOGUE, directory / CATALOGUE, told)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _finish(directory, told, chroma_url)
    names = _documents(directory)
    return _report(contents.manifest, standing, carried, documents=names, restart=restart)


def _unpack(file: Path, contents: Contents, staging: Path, told: Progress) -> None:
    """The files under names of ours: the catalogue's, and the digests of the originals."""
    staging.mkdir(mode=0o700)

    def keep(member: Member, pieces: Iterator[bytes]) -> None:
        with (staging / (CATALOGUE if member.name == CATALOGUE else member.digest)).open("wb") as target:
            for piece in pieces:
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())

    if read_archive(file, keep, told, "unpacking").identity != contents.identity:
        raise UnusableBackup(f"{file} was changed while it was read.")
    check_catalogue(staging / CATALOGUE, contents.manifest)


def _prepare(staging: Path, contents: Contents, standing: Standing | None) -> CarriedOver:
    """Fits the unpacked catalogue to the directory it is going into."""
    if standing is not None:
        renumber(staging / CATALOGUE, standing.last_key)
    catalogue = Catalogue(staging)
    try:
        catalogue.set_settings(
            {
                "index": "",
                "index_through": "0",
                "index_deleted": "0",
                "revision": str(1 + max(catalogue.revision, standing.revision if standing else 0)),
                # On a shared Chroma server each base has collections of its own, a restored one beside the first too.
                "base": (standing.base if standing else "") or uuid.uuid4().hex[:12],
                "restoring": contents.identity,
            }
        )
        catalogue.settle()
    finally:
        catalogue.close()
    if standing is None or not standing.is_readable:
        return CarriedOver()
    return carry_over(standing, contents.manifest, staging)


def _finish(directory: Path, told: Progress, chroma_url: str | None) -> None:
    """What may be done after the restored catalogue is in use: its vector index, and away with other originals."""
    told(0, 0, "building the index")  # nobody knows how long
    catalogue = Catalogue(directory)
    try:
        Snapshots(directory, catalogue, chroma_url).publish()
        Originals(directory).keep_only(catalogue.originals())
        catalogue.set_settings({"restoring": ""})
    finally:
        catalogue.close()
    told(1, 1, "building the index")


def _documents(directory: Path) -> frozenset[str]:
    catalogue = Catalogue(directory)
    try:
        return frozenset(known.id for known in catalogue.known().values())
    finally:
        catalogue.close()


def _report(
    manifest: Manifest,
    standing: Standing | None,
    carried: CarriedOver,
    *,
    documents: frozenset[str] = frozenset(),
    restart: bool = False,
    completed: bool = False,
) -> RestoreReport:
    before = frozenset(standing.audiences) if standing and standing.is_readable else None
    # Only of one and the same base it can be said that a document was deleted from it.
    same = standing is not None and standing.base == manifest.base
    return RestoreReport(
        made_at=manifest.made_at,
        documents=manifest.documents,
        versions=manifest.versions,
        passages=manifest.passages,
        originals=len(manifest.originals),
        kept=carried.kept,
        lapsed=carried.lapsed,
        gone=tuple(sorted(before - documents)) if before is not None else (),
        back=tuple(sorted(documents - before)) if before is not None and same else (),
        lost=manifest.lost,
        replaced=standing is not None,
        decisions_unreadable=standing is not None and not standing.is_readable,
        restart=restart,
        completed=completed,
    )


def _check_room(directory: Path, manifest: Manifest) -> None:
    there = next(parent for parent in (directory.absolute(), *directory.absolute().parents) if parent.exists())
    free, needed = shutil.disk_usage(there).free, _ROOM * manifest.size
    if free < needed:
        raise DataDirectoryError(
            f"Restoring into {directory} needs {needed / 2**30:.1f} GB and {free / 2**30:.1f} GB are free. Make room, "
            "or name another directory with --data."
        )
