"""The file of a backup: a tar of plain files in gzip, its manifest first.

It is written with tarfile and read without it. A reader that obeys what an archive says of itself can be told to write
elsewhere, to follow links or to fill the memory; ours knows from the manifest which member comes next and how long it
is, reads that many bytes, and refuses the rest. No name out of an archive ever becomes a path.
"""

import gzip
import hashlib
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from knowledge import catalogue
from knowledge.errors import UnusableBackup
from knowledge.originals import FOLDER

MANIFEST = "manifest.json"
CATALOGUE = catalogue.FILE
_LARGEST_MANIFEST = 32 * 2**20
# What unpacks to more than this many times its size is no backup but a bomb. Texts and vectors shrink to about a half.
_HIGHEST_RATIO = 200
_ALWAYS_ALLOWED = 64 * 2**20
_CHUNK = 2**20
_BLOCK = tarfile.BLOCKSIZE
# Vectors hardly shrink; a higher level takes several times as long for a few in a hundred.
_LEVEL = 3

Progress = Callable[[int, int, str], None]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Count = Annotated[int, Field(ge=0)]


class Member(BaseModel):
    """One file of the archive; ``digest`` is BLAKE2b of 16 bytes, as originals are named."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    name: str
    size: Count
    digest: Digest


class Manifest(BaseModel):
    """What is in the archive. ``catalogue`` says what kind of database it was taken from, ``revision`` and ``base`` at
    which point of which knowledge base; ``lost`` are originals that were already missing or damaged then."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    format: Literal["migration-desk backup"] = "migration-desk backup"
    version: Literal[1] = 1
    catalogue: Literal["sqlite"] = "sqlite"
    schema_version: str
    made_at: str
    base: str
    revision: Count
    fingerprint: str
    embedder: str
    documents: Count
    versions: Count
    passages: Count
    decisions: Count
    lost: Annotated[tuple[Digest, ...], Field(strict=False)] = ()
    files: Annotated[tuple[Member, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _our_layout(self) -> Self:
        """The catalogue first, then originals under the names that their digests give them, each once."""
        wanted = [CATALOGUE, *(original_name(member.digest) for member in self.files[1:])]
        if [member.name for member in self.files] != wanted or len(set(wanted)) != len(wanted):
            raise ValueError("files that are no part of a backup")
        return self

    @property
    def originals(self) -> Sequence[Member]:
        return self.files[1:]

    @property
    def size(self) -> int:
        """Bytes of all files, unpacked."""
        return sum(member.size for member in self.files)


@dataclass(frozen=True, slots=True)
class Contents:
    """A manifest and the digest of its bytes, by which one backup is known from another."""

    manifest: Manifest
    identity: str


Receive = Callable[[Member, Iterator[bytes]], None]


def quietly(_done: int, _total: int, _label: str) -> None:
    """The progress of what nobody watches."""


def original_name(digest: str) -> str:
    return f"{FOLDER}/{digest[:2]}/{digest}"


def write_archive(path: Path, manifest: Manifest, source: Callable[[Member], IO[bytes]], progress: Progress) -> None:
    """A new file that only its owner may read, flushed to the disk. Raises OSError."""
    done = 0
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with (
            gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as packed,
            tarfile.TarFile(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar,
        ):
            said = manifest.model_dump_json(indent=1).encode()
            tar.addfile(_header(MANIFEST, len(said)), BytesIO(said))
            for member in manifest.files:
                with source(member) as content:
                    tar.addfile(_header(member.name, member.size), content)
                done += member.size
                progress(done, manifest.size, "packing")
        raw.flush()
        os.fsync(raw.fileno())


def read_archive(path: Path, receive: Receive, progress: Progress, label: str) -> Contents:
    """Reads the whole file and hands over each member with its bytes, in pieces. Raises UnusableBackup where anything
    is not as the manifest says; a member's last piece comes before its digest is known to be right. Raises OSError."""
    try:
        with path.open("rb") as raw, gzip.GzipFile(fileobj=raw, mode="rb") as packed:
            first = _header_of(packed)
            if first.name != MANIFEST or first.type != tarfile.REGTYPE or not 0 < first.size <= _LARGEST_MANIFEST:
                raise UnusableBackup("it does not begin with a manifest")
            said = b"".join(_body(packed, first.size))
            manifest = Manifest.model_validate_json(said)
            if manifest.size > max(_ALWAYS_ALLOWED, _HIGHEST_RATIO * path.stat().st_size):
                raise UnusableBackup("it would unpack to far more than a backup of its size can hold")
            done = 0
            for member in manifest.files:
                progress(done, manifest.size, label)
                found = _header_of(packed)
                if (found.name, found.type, found.size) != (member.name, tarfile.REGTYPE, member.size):
                    raise UnusableBackup(f"it holds something else where {member.name} should be")
                receive(member, _checked(packed, member))
                done += member.size
            _end(packed)
            progress(done, manifest.size, label)
    except UnusableBackup as error:
        raise UnusableBackup(f"{path} cannot be used: {error}.") from None
    except ValidationError as error:
        raise UnusableBackup(f"{path} cannot be used: {_told(error)}.") from None
    except (EOFError, gzip.BadGzipFile, zlib.error, tarfile.TarError) as error:
        raise UnusableBackup(f"{path} is no backup of a knowledge base, or not a whole one ({error}).") from error
    return Contents(manifest, hashlib.blake2b(said, digest_size=16).hexdigest())


def skip(_member: Member, pieces: Iterator[bytes]) -> None:
    """Reads a member only to see that it is whole."""
    for _ in pieces:
        continue


def _header(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _header_of(packed: gzip.GzipFile) -> tarfile.TarInfo:
    """One block, taken for itself: what announces a longer name or a larger size has another type and is refused."""
    return tarfile.TarInfo.frombuf(_exactly(packed, _BLOCK), "utf-8", "surrogateescape")


def _body(packed: gzip.GzipFile, size: int) -> Iterator[bytes]:
    left = size
    while left:
        piece = _exactly(packed, min(left, _CHUNK))
        left -= len(piece)
        yield piece
    if any(_exactly(packed, -size % _BLOCK)):
        raise UnusableBackup("there is something between its files")


def _checked(packed: gzip.GzipFile, member: Member) -> Iterator[bytes]:
    digest = hashlib.blake2b(digest_size=16)
    for piece in _body(packed, member.size):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != member.digest:
        raise UnusableBackup(f"{member.name} in it is not what was put in")


def _end(packed: gzip.GzipFile) -> None:
    """Nothing but the blocks of zeros that end a tar; reading up to the end checks gzip's own sum too."""
    rest = packed.read(4 * tarfile.RECORDSIZE)
    if any(rest) or len(rest) < 2 * _BLOCK or packed.read(1):
        raise UnusableBackup("it holds more than its manifest says")


def _exactly(packed: gzip.GzipFile, size: int) -> bytes:
    pieces = b""
    while len(pieces) < size:
        piece = packed.read(size - len(pieces))
        if not piece:
            raise EOFError("it ends too early")
        pieces += piece
    return pieces


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "all of it"
    return f"its manifest is not one that this version of the desk understands ({where}: {first['msg']})"
