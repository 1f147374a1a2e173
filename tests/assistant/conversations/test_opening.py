"""A database that opens privately, and one that does not in words that help and give nothing away."""

import os
import stat
import traceback
from pathlib import Path

import pytest
from sqlalchemy import event, text

from assistant.conversations.errors import (
    ConversationsError,
    DatabaseBusy,
    DatabaseFull,
    DatabaseUnreachable,
    DatabaseUnusable,
    NothingKept,
    UnusableAddress,
)
from assistant.conversations.opening import FILE
from assistant.conversations.store import Conversations, open_conversations
from assistant.errors import InvalidSettings
from assistant.settings import load_settings
from tests.assistant.conversations.conftest import Place
from tests.assistant.conversations.made import asked
from tests.assistant.conversations.postgresql import Server

_SECRET = "sesame-4711"


def _told(error: BaseException) -> str:
    """All that a person or a log could get to see of it."""
    return "".join(traceback.format_exception(error)) + repr(error)


def test_the_files_are_for_their_owner_only(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        memory = open_conversations(tmp_path / "new" / "data")
        memory.keep(asked())
        rights = {
            path.name: stat.S_IMODE(path.stat().st_mode)
            for path in (tmp_path / "new" / "data").iterdir()
            if not path.name.endswith(".lock")
        }
        memory.close()
    finally:
        os.umask(mask)

    assert FILE in rights and f"{FILE}-wal" in rights
    assert set(rights.values()) == {0o600}


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    open_conversations(tmp_path).close()
    (tmp_path / FILE).chmod(0o644)

    open_conversations(tmp_path).close()

    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_an_address_may_name_a_file(tmp_path: Path) -> None:
    memory = open_conversations(tmp_path / "data", f"sqlite:///{tmp_path / 'other.sqlite3'}")
    memory.keep(asked())
    memory.close()

    assert (tmp_path / "other.sqlite3").exists() and not (tmp_path / "data").exists()


def test_looking_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(NothingKept, match="--data"):
        open_conversations(tmp_path / "typo", create=False)

    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize(
    "address",
    [
        f"mysql://u:{_SECRET}@h/n",
        f"postgresql+asyncpg://u:{_SECRET}@h/n",
        f"postgresql://u:{_SECRET}@h:port-{_SECRET}/n",
        f"postgresql://u:{_SECRET}@@h:1:2/n",
        f"//{_SECRET}",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "postgresql://",
        "",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_being_shown(tmp_path: Path, address: str) -> None:
    with pytest.raises(UnusableAddress, match="MIGDESK_DATABASE_URL") as raised:
        open_conversations(tmp_path, address)

    assert _SECRET not in str(raised.value) and _SECRET not in repr(raised.value)


@pytest.mark.parametrize("address", [f"mysql://u:{_SECRET}@h/n", f"postgres://u:{_SECRET}@h/n", f"{_SECRET}"])
def test_a_wrong_address_in_the_settings_is_not_shown_either(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("MIGDESK_DATABASE_URL", address)

    with pytest.raises(InvalidSettings, match="MIGDESK_DATABASE_URL.*postgresql://") as raised:
        load_settings()

    assert _SECRET not in _told(raised.value)


def test_the_settings_name_the_driver_and_hide_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIGDESK_DATABASE_URL", f"postgresql://u:{_SECRET}@h/n")
    monkeypatch.setenv("MIGDESK_KEEP_DAYS", "7")
    settings = load_settings()

    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == f"postgresql+psycopg://u:{_SECRET}@h/n"
    assert settings.keep_days == 7
    assert _SECRET not in f"{settings!r} {settings.model_dump_json()}"


@pytest.mark.parametrize("days", ["0", "-1", "many", "4000"])
def test_days_to_keep_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch, days: str) -> None:
    monkeypatch.setenv("MIGDESK_KEEP_DAYS", days)

    with pytest.raises(InvalidSettings, match="MIGDESK_KEEP_DAYS"):
        load_settings()


def test_a_wrong_password_is_told_without_it(tmp_path: Path, server: Server) -> None:
    with pytest.raises(DatabaseUnreachable, match=r"password authentication failed.*MIGDESK_DATABASE_URL") as raised:
        open_conversations(tmp_path, server.address("postgres", _SECRET))

    assert f"127.0.0.1:{server.port}" in str(raised.value)
    assert _SECRET not in _told(raised.value)


def test_a_database_that_is_not_there_is_told_by_its_name(tmp_path: Path, server: Server) -> None:
    with pytest.raises(DatabaseUnreachable, match=r"no_such_place.*does not exist"):
        open_conversations(tmp_path, server.address("no_such_place"))


def test_a_server_that_is_not_there_is_told_by_its_address(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable, match=r"at 127\.0\.0\.1:1 cannot be reached.*Check that it runs") as raised:
        open_conversations(tmp_path, f"postgresql://u:{_SECRET}@127.0.0.1:1/n")

    assert _SECRET not in _told(raised.value)


def test_a_database_that_cannot_hold_every_language_is_refused(tmp_path: Path, server: Server) -> None:
    name = server.new_database(encoding="LATIN1")

    with pytest.raises(DatabaseUnusable, match=r"LATIN1.*--encoding=UTF8"):
        open_conversations(tmp_path, server.address(name))


def test_a_user_without_rights_is_told_so(tmp_path: Path, server: Server) -> None:
    name = server.new_database()
    server.run(f"CREATE ROLE {name} LOGIN PASSWORD '{_SECRET}'")

    with pytest.raises(DatabaseUnusable, match="permission denied") as raised:
        open_conversations(tmp_path, server.address(name, _SECRET).replace("//desk:", f"//{name}:"))

    assert _SECRET not in _told(raised.value)


def test_connections_that_the_server_has_cut_are_replaced(tmp_path: Path, server: Server) -> None:
    name = server.new_database()
    memory = open_conversations(tmp_path, server.address(name))
    try:
        identifier = memory.keep(asked())
        server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

        assert memory.kept(identifier) is not None
    finally:
        memory.close()


def test_a_file_that_is_no_database_is_told_so_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"Minutes of a meeting. " * 100)

    with pytest.raises(DatabaseUnusable, match="not a database"):
        open_conversations(tmp_path)

    assert (tmp_path / FILE).read_bytes() == b"Minutes of a meeting. " * 100


def test_a_data_directory_that_cannot_be_made_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(DatabaseUnusable, match=r"file/data.*--data"):
        open_conversations(tmp_path / "file" / "data")


def test_a_directory_that_cannot_be_written_is_told_by_the_file(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}.lock").mkdir()

    with pytest.raises(DatabaseUnusable, match=r"sqlite3\.lock cannot be written"):
        open_conversations(tmp_path)


def test_a_full_disk_stops_keeping_and_not_reading(tmp_path: Path) -> None:
    memory = open_conversations(tmp_path)
    try:
        identifier = memory.keep(asked())
        memory.engine.dispose()

        @event.listens_for(memory.engine, "connect")
        def _no_more_pages(connection: object, _record: object) -> None:
            connection.execute("PRAGMA max_page_count=1")  # type: ignore[attr-defined]

        with pytest.raises(DatabaseFull, match="MIGDESK_KEEP_DAYS"):
            memory.keep(asked("long " * 100_000))
        assert memory.kept(identifier) is not None
    finally:
        memory.close()


@pytest.mark.parametrize(
    ("state", "kind"),
    [("53100", DatabaseFull), ("53300", DatabaseBusy), ("55P03", DatabaseBusy), ("42501", DatabaseUnusable)],
)
def test_what_a_server_cannot_do_is_told_in_our_words(
    tmp_path: Path, server: Server, state: str, kind: type[ConversationsError]
) -> None:
    memory = open_conversations(tmp_path, server.address(server.new_database()))
    try:
        with pytest.raises(kind), memory._database.writing() as connection:
            connection.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$"))
    finally:
        memory.close()


def test_one_that_another_holds_for_too_long_is_told_so(place: Place, memory: Conversations) -> None:
    impatient = "PRAGMA busy_timeout=0" if place.address is None else "SET lock_timeout = 1"
    identifier = memory.keep(asked())
    holder = place.open()
    with holder.engine.begin() as connection:
        connection.execute(text("UPDATE answers SET surface = 'held'"))

        @event.listens_for(memory.engine, "checkout")
        def _impatient(dbapi_connection: object, _record: object, _proxy: object) -> None:
            dbapi_connection.execute(impatient)  # type: ignore[attr-defined]

        with pytest.raises(DatabaseBusy, match="Try again"):
            memory.rate(identifier, "bo", True)
