"""Backups as the tests make, open and damage them."""

import io
import json
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from knowledge.originals import digest_of
from tests.knowledge.bases import ingest, write

ROOT = Path(__file__).parents[2]
QUESTION = "How many returned to Nepal in 2007?"
MEMBERS = list[tuple[tarfile.TarInfo, bytes]]


def notes(folder: Path, count: int = 60, word: str = "Nepal") -> Path:
    """More passages than a search takes as candidates, so that what the vector index returns matters."""
    return write(
        folder,
        {
            f"{n}.txt": f"In {2000 + n} the group met in town{n}. They spoke of return to {word}, and {n} went."
            for n in range(count)
        },
    )


def filled(root: Path, count: int = 60, word: str = "Nepal") -> Path:
    """A data directory with notes for everybody, and one for staff."""
    data = root / "data"
    ingest(data, notes(root / "notes", count, word))
    ingest(data, write(root / "staff", {"secret.txt": "The secret is kept in Tirana."}), audience="staff")
    return data


def members_of(file: Path) -> MEMBERS:
    with tarfile.open(file) as archive:
        found = []
        for info in archive.getmembers():
            content = archive.extractfile(info)
            assert content is not None
            found.append((info, content.read()))
        return found


def packed(file: Path, members: Iterable[tuple[tarfile.TarInfo, bytes]]) -> Path:
    with tarfile.open(file, "w:gz", compresslevel=1) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return file


def member(name: str, content: bytes = b"", **how: Any) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for attribute, value in how.items():
        setattr(info, attribute, value)
    return info, content


def manifest_changed(members: MEMBERS, change: Callable[[dict[str, Any]], None]) -> MEMBERS:
    manifest = json.loads(members[0][1])
    change(manifest)
    return [member("manifest.json", json.dumps(manifest).encode()), *members[1:]]


def catalogue_changed(file: Path, target: Path, *statements: str) -> Path:
    """The backup with another catalogue in it, and a manifest that agrees."""
    members = members_of(file)
    beside = target.with_suffix(".sqlite3")
    beside.write_bytes(members[1][1])
    with closing(sqlite3.connect(beside)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    content = beside.read_bytes()

    def agree(manifest: dict[str, Any]) -> None:
        manifest["files"][0] |= {"size": len(content), "digest": digest_of(content)}

    changed = manifest_changed(members, agree)
    return packed(target, [changed[0], member("catalogue.sqlite3", content), *changed[2:]])


def keeper(*arguments: str | Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.knowledge.keeper", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def killed_at(label: str, times: int, *arguments: str | Path) -> bool:
    """Starts a keeper and kills it when it has told of this step so often. False: it was done before."""
    with keeper(*arguments) as process:
        assert process.stdout is not None
        for line in process.stdout:
            times -= line.strip() == label
            if times <= 0:
                process.kill()
                break
        process.stdout.read()
        return process.wait() != 0


def scribbled_over(path: Path, text: bytes) -> None:
    """Ruins the first page of a database in which the text stands: it opens, and cannot be read through."""
    raw = bytearray(path.read_bytes())
    page = raw.index(text) // 4096 * 4096
    raw[page : page + 64] = bytes(range(64))
    path.write_bytes(raw)
