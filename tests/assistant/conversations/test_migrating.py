"""From nothing or an older shape to ours, by however many at once; and never back from a newer one."""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import UniqueConstraint, create_engine, inspect, text

from assistant.conversations import migrating
from assistant.conversations.errors import NewerDatabase
from assistant.conversations.opening import FILE
from assistant.conversations.schema import VERSION_TABLE, metadata
from assistant.conversations.store import Conversations
from tests.assistant.conversations.conftest import Place
from tests.assistant.conversations.made import asked, rows
from tests.knowledge.patience import patience

_OPEN = """
import sys
from pathlib import Path
from assistant.conversations.store import open_conversations
print("ready", flush=True)
open_conversations(Path(sys.argv[1]), sys.argv[2] or None).close()
"""


def test_the_steps_lead_to_the_tables_that_the_code_uses(memory: Conversations) -> None:
    with memory.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})

        assert compare_metadata(context, metadata) == []
        inspector = inspect(connection)
        for table in metadata.tables.values():
            found = {tuple(unique["column_names"]) for unique in inspector.get_unique_constraints(table.name)}
            assert found == {
                tuple(column.name for column in constraint.columns)
                for constraint in table.constraints
                if isinstance(constraint, UniqueConstraint)
            }


def test_opening_again_changes_nothing(place: Place) -> None:
    place.open().keep(asked())

    assert len(rows(place.open(), "answers")) == 1


@contextmanager
def _held(place: Place) -> Iterator[None]:
    """The lock under which tables are made, so that whoever opens the database waits."""
    if place.address is None:
        place.data.mkdir()
        with (place.data / f"{FILE}.lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        return
    engine = create_engine(place.address.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.begin() as connection:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({migrating._SERVER_LOCK})"))
            yield
    finally:
        engine.dispose()


def _waiting(place: Place) -> int:
    """How many wait for the lock."""
    if place.address is None:
        inode = (place.data / f"{FILE}.lock").stat().st_ino
        waiting = [line for line in Path("/proc/locks").read_text().splitlines() if "-> FLOCK" in line]
        return sum(f":{inode} " in line for line in waiting)
    engine = create_engine(place.address.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.connect() as connection:
            query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            return int(connection.execute(text(query)).scalar_one())
    finally:
        engine.dispose()


def test_processes_that_open_a_new_database_at_once_all_succeed(place: Place) -> None:
    with _held(place):
        processes = [
            subprocess.Popen(
                [sys.executable, "-W", "error", "-c", _OPEN, str(place.data), place.address or ""],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(3)
        ]
        for process in processes:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
        with patience(60):
            while _waiting(place) < 3:
                assert [process.poll() for process in processes] == [None] * 3
    ended = [process.communicate(timeout=60) for process in processes]

    assert [process.returncode for process in processes] == [0] * 3, ended
    place.open().keep(asked())


def test_a_step_that_fails_leaves_nothing_behind(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = metadata.tables["escalations"]
    monkeypatch.setattr("alembic.op.create_table", _failing_at(whole.name))
    with pytest.raises(RuntimeError, match="pulled"):
        place.open()
    monkeypatch.undo()

    assert rows(place.open(), "escalations") == []


def _failing_at(name: str) -> object:
    from alembic import op

    create = op.create_table

    def create_table(table: str, *columns: object, **options: object) -> object:
        if table == name:
            raise RuntimeError("the plug was pulled")
        return create(table, *columns, **options)  # type: ignore[arg-type]

    return create_table


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(place: Place) -> None:
    memory = place.open()
    memory.keep(asked())
    with memory.engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9001'"))

    with pytest.raises(NewerDatabase, match=r"newer version.*9001.*Install"):
        place.open()

    assert len(rows(memory, "answers")) == 1


def test_the_steps_lie_beside_the_code() -> None:
    """An installed desk finds them where its modules are."""
    steps = sorted(
        path.name for path in (Path(migrating.__file__).parent / "migrations" / "versions").glob("[0-9]*.py")
    )

    assert steps[0] == "0001_answers_feedback_escalations.py"
