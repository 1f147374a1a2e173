"""Whatever is handed in as a backup is whole and ours, or it is refused and nothing is touched."""

import gzip
import json
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import UnusableBackup
from knowledge.keeping.archive import Contents, Member, read_archive, skip
from knowledge.keeping.backup import back_up
from knowledge.keeping.restore import restore
from tests.knowledge.backups import MEMBERS, catalogue_changed, filled, manifest_changed, member, members_of, packed
from tests.knowledge.bases import contents

pytestmark = pytest.mark.usefixtures("probed_here")


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("backup")
    back_up(filled(root, 4), root / "base.backup")
    return root / "base.backup"


def read(file: Path) -> Contents:
    return read_archive(file, skip, lambda *_: None, "")


def refused(file: Path, data: Path) -> str:
    """Why, and that nothing was touched."""
    with pytest.raises(UnusableBackup) as caught:
        restore(file, data)
    assert not data.exists() or [path.name for path in data.iterdir()] == ["writer.lock"]
    return str(caught.value)


def test_a_backup_is_a_plain_tar_that_begins_with_its_manifest_and_only_its_owner_reads(backup: Path) -> None:
    members = members_of(backup)
    manifest = json.loads(members[0][1])
    assert [info.name for info, _ in members] == ["manifest.json", *(entry["name"] for entry in manifest["files"])]
    assert manifest["documents"] == 5 and manifest["catalogue"] == "sqlite" and len(manifest["files"]) == 6
    assert backup.stat().st_mode & 0o777 == 0o600
    assert read(backup).manifest.originals


def test_each_cut_is_seen(backup: Path, data: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    for length in [*range(0, len(whole), max(1, len(whole) // 40)), len(whole) - 1, len(whole) - 9]:
        cut = tmp_path / "cut"
        cut.write_bytes(whole[:length])
        refused(cut, data)


def test_each_flipped_bit_is_seen_or_changes_nothing(backup: Path, data: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    flipped = tmp_path / "flipped"
    seen = 0
    for position in [*range(12), *range(12, len(whole), max(1, len(whole) // 150)), len(whole) - 5, len(whole) - 1]:
        damaged = bytearray(whole)
        damaged[position] ^= 1 << position % 8
        flipped.write_bytes(damaged)
        try:
            read(flipped)
        except UnusableBackup:
            seen += 1
        else:  # gzip's own time and system, or one run of zeros for another
            assert gzip.decompress(damaged) == gzip.decompress(whole)
    assert seen > 120
    refused(backup_with(flipped, whole, len(whole) // 2), data)


def backup_with(target: Path, whole: bytes, position: int) -> Path:
    damaged = bytearray(whole)
    damaged[position] ^= 0xFF
    target.write_bytes(damaged)
    return target


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no", b"\x1f\x8b", b"SQLite format 3\0" * 100], ids=repr)
def test_other_files_are_no_backups(content: bytes, data: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(content)
    assert "is no backup" in refused(tmp_path / "other", data)


def replaced(members: MEMBERS, *new: tuple[tarfile.TarInfo, bytes]) -> MEMBERS:
    """The last original in the archive makes way for others."""
    return [*members[:-1], *new]


def set_in_manifest(**values: Any) -> Callable[[MEMBERS], MEMBERS]:
    return lambda members: manifest_changed(members, lambda manifest: manifest.update(values))


def last_file(**values: Any) -> Callable[[MEMBERS], MEMBERS]:
    return lambda members: manifest_changed(members, lambda manifest: manifest["files"][-1].update(values))


EVIL = b"evil"
HOSTILE: dict[str, Callable[[MEMBERS], MEMBERS]] = {
    "a name that climbs": lambda m: replaced(m, member("../evil", m[-1][1])),
    "an absolute name": lambda m: replaced(m, member("/tmp/evil", m[-1][1])),
    "a climbing name in the manifest too": lambda m: last_file(name="../evil")(
        replaced(m, member("../evil", m[-1][1]))
    ),
    "a digest that climbs": last_file(digest="../../../../../../etc/passwd", name="originals/../x"),
    "a symbolic link": lambda m: replaced(m, member(m[-1][0].name, type=tarfile.SYMTYPE, linkname="/etc/passwd")),
    "a hard link": lambda m: replaced(m, member(m[-1][0].name, type=tarfile.LNKTYPE, linkname="manifest.json")),
    "a directory": lambda m: replaced(m, member(m[-1][0].name, type=tarfile.DIRTYPE)),
    "a device": lambda m: replaced(m, member(m[-1][0].name, type=tarfile.CHRTYPE)),
    "another name by an extended header": lambda m: replaced(
        m, member(m[-1][0].name, m[-1][1], pax_headers={"path": "../evil"})
    ),
    "one member more": lambda m: [*m, member("extra", EVIL)],
    "one member twice": lambda m: [*m, m[-1]],
    "one member less": lambda m: m[:-1],
    "no manifest": lambda m: m[1:],
    "the manifest later": lambda m: [m[1], m[0], *m[2:]],
    "no catalogue": lambda m: [m[0], *m[2:]],
    "another order": lambda m: [m[0], m[1], *reversed(m[2:])],
    "a longer file": lambda m: replaced(m, member(m[-1][0].name, m[-1][1] + EVIL)),
    "a shorter file": lambda m: replaced(m, member(m[-1][0].name, m[-1][1][:-1])),
    "other bytes": lambda m: replaced(m, member(m[-1][0].name, bytes(len(m[-1][1])))),
    "a size declared beyond all discs": last_file(size=10**15),
    "a size below nothing": last_file(size=-1),
    "a size in words": last_file(size="1"),
    "another format": set_in_manifest(format="zip"),
    "a later format": set_in_manifest(version=2),
    "another database": set_in_manifest(catalogue="postgresql"),
    "words we do not know": set_in_manifest(surprise=1),
    "no list of files": set_in_manifest(files=[]),
    "a manifest that is no JSON": lambda m: [member("manifest.json", b"{" * 1000), *m[1:]],
    "a manifest nested without end": lambda m: [member("manifest.json", b"[" * 10**6), *m[1:]],
    "an empty manifest": lambda m: [member("manifest.json"), *m[1:]],
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_archives_are_refused(
    change: Callable[[MEMBERS], MEMBERS], backup: Path, data: Path, tmp_path: Path
) -> None:
    file = packed(tmp_path / "hostile", change(members_of(backup)))
    assert str(file) in refused(file, data)
    assert not (tmp_path / "evil").exists() and not Path("/tmp/evil").exists()


def test_bombs_fill_neither_disk_nor_memory(backup: Path, data: Path, tmp_path: Path) -> None:
    zeros = bytes(100 * 2**20)
    told = manifest_changed(members_of(backup), lambda manifest: manifest["files"][0].update(size=len(zeros)))
    bomb = packed(tmp_path / "bomb", [told[0], member("catalogue.sqlite3", zeros)])
    large = packed(tmp_path / "large", [member("manifest.json", zeros), *members_of(backup)[1:]])
    tracemalloc.start()
    try:
        assert "unpack to far more" in refused(bomb, data)
        refused(large, data)
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()


STRANGE = {
    "a trigger": "CREATE TRIGGER t AFTER UPDATE ON settings BEGIN DELETE FROM documents; END",
    "a view": "CREATE VIEW v AS SELECT 1",
    "a table": "CREATE TABLE sqlitish (x)",
    "another virtual table": "CREATE VIRTUAL TABLE lexicon_0123456789ab_x_01234567 USING fts5vocab(x, 'row')",
    "a computed column": "ALTER TABLE settings ADD COLUMN more AS (upper(value))",
    "another schema": "UPDATE settings SET value = '2' WHERE name = 'schema'",
    "a fingerprint that is SQL": "UPDATE settings SET value = 'x; DROP TABLE d' WHERE name = 'fingerprint'",
    "a fingerprint that is a path": "UPDATE passages SET fingerprint = '../../evil'",
    "an unknown audience": "UPDATE documents SET audience = 'everybody'",
    "an original that is a path": "UPDATE documents SET original = '../../../../etc/passwd'",
    "another original": f"UPDATE documents SET original = '{'0' * 32}'",
    "fewer documents": "DELETE FROM documents WHERE id = '1.txt'",
    "a revision in words": "UPDATE settings SET value = 'many' WHERE name = 'revision'",
    "no settings": "DROP TABLE settings",
}


@pytest.mark.parametrize("statement", STRANGE.values(), ids=list(STRANGE))
def test_a_catalogue_that_is_none_of_ours_is_refused(statement: str, backup: Path, data: Path, tmp_path: Path) -> None:
    refused(catalogue_changed(backup, tmp_path / "strange", statement), data)


def test_an_index_that_the_catalogue_claims_to_have_is_not_believed(backup: Path, data: Path, tmp_path: Path) -> None:
    claims = catalogue_changed(
        backup, tmp_path / "claims", "INSERT INTO settings VALUES ('index', '../../evil'), ('index_through', '999')"
    )
    restore(claims, data)
    restore(backup, tmp_path / "right")
    assert contents(data) == contents(tmp_path / "right")
    assert [path.name for path in (data / "index").iterdir()] == [
        path.name for path in (tmp_path / "right" / "index").iterdir()
    ]


def test_a_file_that_changes_while_it_is_read_is_refused(
    backup: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = packed(tmp_path / "other", manifest_changed(members_of(backup), lambda m: m.update(made_at="later")))
    restored = tmp_path / "changing"
    restored.write_bytes(backup.read_bytes())
    looked_at: list[Member] = []

    def checked(*arguments: Any) -> Contents:
        found = read_archive(*arguments)
        looked_at.extend(found.manifest.files)
        restored.write_bytes(other.read_bytes())
        return found

    monkeypatch.setattr("knowledge.keeping.restore.read_archive", checked)
    assert "was changed" in refused(restored, data)
    assert looked_at
