"""A copy of the desk's memory: whole, private, without what is erased, and brought back only where nothing is."""

import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.conversations.copying import restore
from assistant.conversations.errors import AlreadyKept, NewerDatabase, OnServer, UnusableCopy
from assistant.conversations.opening import FILE
from assistant.conversations.store import Conversations, open_conversations
from tests.assistant.conversations.made import asked
from tests.assistant.conversations.postgresql import Server

SECRET = "quince-marmalade"


@pytest.fixture
def memory(tmp_path: Path) -> Conversations:
    """One question, and a table of another package in the same database."""
    memory = open_conversations(tmp_path / "data")
    memory.keep(asked(f"Where is the {SECRET}?"))
    with memory.engine.begin() as connection:
        connection.execute(text("CREATE TABLE neighbours (name TEXT)"))
        connection.execute(text("INSERT INTO neighbours VALUES ('Sita')"))
    return memory


def changed(copy: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(copy)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return copy


def test_a_lost_disk_costs_nothing_that_was_copied(memory: Conversations, tmp_path: Path) -> None:
    copied = memory.back_up(tmp_path / "copy")
    again = memory.back_up(tmp_path / "copy")
    assert (copied.questions, again.questions) == (1, 1), "in the place of the one before"
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"data", "copy"}, "and nothing is left beside it"
    memory.close()

    back = restore(tmp_path / "copy", tmp_path / "new", None, 30)
    assert (back.questions, back.erased, back.made_at) == (1, 0, again.made_at)
    assert {path.name for path in (tmp_path / "new").iterdir()} == {FILE}
    assert stat.S_IMODE((tmp_path / "new" / FILE).stat().st_mode) == 0o600
    restored = open_conversations(tmp_path / "new")
    assert [kept.question for kept in restored.recent("ana")] == [f"Where is the {SECRET}?"]
    with restored.engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM neighbours")).scalars().all() == ["Sita"]
    restored.keep(asked("And now?"))
    restored.close()


def test_what_was_erased_or_is_under_way_or_unwanted_is_in_no_byte_of_a_copy(
    memory: Conversations, tmp_path: Path
) -> None:
    assert memory.back_up(tmp_path / "without", texts=False, transient=("neighbours", "never there")).questions == 0
    found = (tmp_path / "without").read_bytes()
    assert SECRET.encode() not in found and b"Sita" not in found
    assert b"copied" in found and sum(line.count for line in memory.usage(datetime.now(UTC).date())) == 1
    memory.forget("ana")
    memory.back_up(tmp_path / "after")
    assert SECRET.encode() not in (tmp_path / "after").read_bytes()
    memory.close()


def test_what_is_due_by_now_does_not_come_back(memory: Conversations, tmp_path: Path) -> None:
    old = datetime.now(UTC) - timedelta(days=20)
    with memory.engine.begin() as connection:
        connection.execute(text("UPDATE answers SET asked_at = :at"), {"at": old.replace(tzinfo=None)})
    memory.back_up(tmp_path / "copy")
    memory.close()
    back = restore(tmp_path / "copy", tmp_path / "new", None, 14)
    assert (back.questions, back.erased) == (0, 1)
    assert SECRET.encode() not in (tmp_path / "new" / FILE).read_bytes()


def test_nothing_is_overwritten_in_either_direction(memory: Conversations, tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("Years of work.")
    for other in (thesis, tmp_path / "data" / FILE):
        with pytest.raises(UnusableCopy, match="is there already"):
            memory.back_up(other)
    assert thesis.read_text() == "Years of work."
    memory.back_up(tmp_path / "copy")
    with pytest.raises(AlreadyKept, match="Stop the desk, move .*sqlite3 and .*-wal"):
        restore(tmp_path / "copy", tmp_path / "data", None, 30)
    assert memory.recent("ana")
    memory.close()


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        (("DROP TABLE copied",), "is no copy of a memory"),
        (("CREATE TRIGGER mine AFTER INSERT ON answers BEGIN DELETE FROM answers; END",), "something else"),
        (("DROP TABLE answers",), "something else"),
    ],
)
def test_a_file_that_is_no_sound_copy_is_refused_and_leaves_nothing(
    memory: Conversations, tmp_path: Path, statements: tuple[str, ...], problem: str
) -> None:
    memory.back_up(tmp_path / "copy")
    memory.close()
    with pytest.raises(UnusableCopy, match=problem):
        restore(changed(tmp_path / "copy", *statements), tmp_path / "new", None, 30)
    assert not (tmp_path / "new" / FILE).exists()


def test_a_copy_that_was_cut_short_is_refused(memory: Conversations, tmp_path: Path) -> None:
    memory.back_up(tmp_path / "copy")
    memory.close()
    raw = (tmp_path / "copy").read_bytes()
    (tmp_path / "copy").write_bytes(raw[: len(raw) // 2])
    with pytest.raises(UnusableCopy, match="copy (is damaged|is no copy)"):
        restore(tmp_path / "copy", tmp_path / "new", None, 30)
    with pytest.raises(UnusableCopy, match="does not exist"):
        restore(tmp_path / "nowhere", tmp_path / "new", None, 30)


def test_a_copy_of_a_newer_desk_is_left_to_that(memory: Conversations, tmp_path: Path) -> None:
    memory.back_up(tmp_path / "copy")
    memory.close()
    changed(tmp_path / "copy", "UPDATE conversations_schema SET version_num = '9999'")
    with pytest.raises(NewerDatabase, match="9999"):
        restore(tmp_path / "copy", tmp_path / "new", None, 30)
    assert not (tmp_path / "new" / FILE).exists()


def test_a_server_has_tools_of_its_own(server: Server, tmp_path: Path) -> None:
    address = server.address(server.new_database())
    on_server = open_conversations(tmp_path, address)
    with pytest.raises(OnServer, match="pg_dump"):
        on_server.back_up(tmp_path / "copy")
    on_server.close()
    with pytest.raises(OnServer, match="pg_dump"):
        restore(tmp_path / "copy", tmp_path / "new", address, 30)
