"""A PostgreSQL server for the tests, started by them in a directory of its own."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

USER = "desk"
# Nothing in the tests is worth keeping through a power cut.
_OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server that lets in only who knows the password."""

    port: int
    password: str

    def address(self, database: str, password: str | None = None) -> str:
        return f"postgresql://{USER}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template0", encoding: str = "UTF8") -> str:
        """The name of a new database."""
        name = f"test_{secrets.token_hex(8)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING '{encoding}' LOCALE 'C'")
        return name

    def run(self, statement: str) -> None:
        """One statement, outside a transaction."""
        engine = create_engine(self.address("postgres").replace("postgresql:", "postgresql+psycopg:"))
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()


@contextmanager
def serving() -> Iterator[Server]:
    """Not as root, which the server refuses. Fails the test where PostgreSQL is not installed."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="migdesk-postgresql-"))
    user = _user()
    password = secrets.token_hex(8)
    try:
        (folder / "password").write_text(password, encoding="utf-8")
        if user is not None:
            for path in (folder, folder / "password"):
                shutil.chown(path, user)
        data = folder / "data"

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", str(data), *arguments]
            log = folder / "programs.log"
            with log.open("ab") as output:
                code = subprocess.run(
                    command, user=user, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
                ).returncode
            if code:
                server_log = folder / "server.log"
                said = log.read_text() + (server_log.read_text() if server_log.exists() else "")
                pytest.fail(f"PostgreSQL's {program} failed:\n{said}")

        authentication = ("--auth=scram-sha-256", f"--pwfile={folder / 'password'}")
        run("initdb", "--username", USER, "--encoding=UTF8", "--locale=C", "--no-sync", *authentication)
        port = _free_port()
        options = " ".join(f"-c {option}" for option in _OPTIONS)
        options += f" -c listen_addresses=127.0.0.1 -p {port} -k {folder}"
        run("pg_ctl", "start", "--wait", "--silent", f"--log={folder / 'server.log'}", "--options", options)
        try:
            yield Server(port, password)
        finally:
            run("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate")
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb")
    if found is None and not installed:
        pytest.fail(
            "These tests need PostgreSQL's programs (initdb, pg_ctl). `make test` installs Debian's package "
            "'postgresql'; elsewhere install it and put its programs on the PATH."
        )
    # The link of Debian's in a directory of the PATH leads to where all of them are.
    return Path(found).resolve().parent if found else installed[-1].parent


def _user() -> str | None:
    """Who the server runs as; None: as we do."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
