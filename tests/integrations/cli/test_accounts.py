"""``migdesk accounts``: letting people in and out at the terminal, with secrets printed once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.conversations.store import Conversations, open_conversations
from assistant.conversations.types import Asked
from assistant.types import Answer, Outcome, Provenance
from integrations.accounts.store import Accounts, open_accounts
from integrations.cli import app
from integrations.settings import load_server_settings
from tests.integrations.command import Ran, checked, migdesk


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def memory(data: Path) -> Iterator[Conversations]:
    opened = open_conversations(data)
    yield opened
    opened.close()


@pytest.fixture
def accounts(memory: Conversations) -> Accounts:
    return open_accounts(memory.engine)


@pytest.fixture
def public_url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("MIGDESK_PUBLIC_URL", "https://desk.example/asks/")
    load_server_settings.cache_clear()
    yield "https://desk.example/asks"
    load_server_settings.cache_clear()


def ran(data: Path, *arguments: str) -> Ran:
    """In this process, as the command itself would."""
    done = CliRunner().invoke(app, ["accounts", *arguments, "--data", str(data)])
    return checked(Ran(done.exit_code, done.stdout, done.stderr))


def told(data: Path, *arguments: str, code: int = 0) -> Any:
    done = ran(data, *arguments, "--json")
    assert done.code == code, done.said
    return done.json()


def test_a_first_operator_is_let_in_where_nothing_was_kept_yet(data: Path) -> None:
    done = migdesk("accounts", "invite", "Ana Petrović", "--staff", "--operator", "--days", "2", "--data", data)
    assert done.code == 0 and "Ana Petrović can sign in with this link, once" in done.out
    [path] = [line for line in done.out.splitlines() if line.startswith("/invitation/")]
    assert "MIGDESK_PUBLIC_URL" in done.out

    conversations = open_conversations(data)
    try:
        accepted = open_accounts(conversations.engine).accept(path.removeprefix("/invitation/"))
    finally:
        conversations.close()
    assert accepted is not None and accepted[0].is_operator and accepted[0].audience == "staff"
    listed = ran(data, "list")
    assert accepted[0].id in listed.out and "staff · operator" in listed.out and path[12:] not in listed.out


def test_a_delegation_from_its_first_link_to_its_closing(data: Path, public_url: str, accounts: Accounts) -> None:
    assert told(data, "delegation", "add", "nepal", "Embassy of Nepal")["slug"] == "nepal"
    made = told(data, "invite", "Sita Sharma", "--delegation", "nepal")
    assert made["url"] == f"{public_url}{made['path']}" and made["invitation"]["audience"] == "partner:nepal"
    assert public_url in ran(data, "invite", "Bo", "--delegation", "nepal").out

    accepted = accounts.accept(made["path"].removeprefix("/invitation/"))
    assert accepted is not None
    member, session = accepted
    listed = told(data, "list")
    assert [one["id"] for one in listed["accounts"]] == [member.id] and listed["closed"] is None
    assert [one["name"] for one in listed["invitations"]] == ["Bo"]

    assert "closed" in ran(data, "delegation", "close", "nepal").out and accounts.session(session) is None
    [closed] = told(data, "delegation", "list")["delegations"]
    assert closed["closed_at"] and "closed" in ran(data, "delegation", "list").out
    refused = told(data, "invite", "Cy", "--delegation", "nepal", code=2)
    assert refused["error"]["code"] == "input" and "reopen nepal" in refused["error"]["message"]
    assert told(data, "delegation", "reopen", "nepal")["closed_at"] is None
    assert accounts.session(session) is not None

    assert told(data, "withdraw", listed["invitations"][0]["id"])["withdrawn"]
    assert "no open link" in ran(data, "withdraw", listed["invitations"][0]["id"]).err
    assert told(data, "list")["invitations"] == []


def test_somebody_is_kept_out_let_in_again_and_erased_with_what_they_asked(
    data: Path, memory: Conversations, accounts: Accounts
) -> None:
    accepted = accounts.accept(accounts.invite("staff", "Bo", "terminal:test")[1])
    assert accepted is not None
    bo, session = accepted
    answer = Answer(Outcome.NOT_COVERED, "…", "en", (), (), (), Provenance(None))
    memory.keep(Asked("t", "web", bo.person, "staff", "en", "Where?", answer))

    assert "reads as staff, as an operator" in ran(data, "rights", bo.id, "--staff", "--operator").out
    promoted = accounts.session(session)
    assert promoted is not None and promoted.is_operator
    assert told(data, "rights", bo.id, "--staff")["is_operator"] is False
    assert told(data, "disable", bo.id)["disabled_at"] and accounts.session(session) is None
    assert "disabled" in ran(data, "list").out
    assert "is disabled" in ran(data, "link", bo.id).err
    assert "accounts link" in ran(data, "enable", bo.id).out
    link = told(data, "link", bo.id, "--days", "1")
    assert accounts.peek(link["path"].removeprefix("/invitation/")) and link["url"] is None

    kept = ran(data, "remove", bo.id)
    assert (kept.code, kept.out) == (1, "Nothing was erased. Run it again with --yes.\n")
    assert accounts.account(bo.id) is not None and len(memory.recent(bo.person)) == 1
    assert told(data, "remove", bo.id, "--yes") == {"removed": bo.id, "erased": 1}
    assert accounts.accounts() == [] and memory.recent(bo.person) == []
    assert ran(data, "remove", bo.id, "--yes").code == 2


def test_a_key_is_shown_once_and_revoked_for_good(data: Path, accounts: Accounts) -> None:
    made = told(data, "key", "make", "Open WebUI", "--as", "staff", "--scope", "ask", "--days", "30")
    assert made["key"]["scopes"] == ["ask"] and accounts.key(made["secret"]) is not None
    shown = ran(data, "key", "make", "Reader").out
    secret = next(line for line in shown.splitlines() if line.startswith("key_"))
    default = accounts.key(secret)
    assert default is not None and default.audience == "public" and default.scopes == {"ask", "read"}

    listed = ran(data, "key", "list").out + json.dumps(told(data, "key", "list"))
    assert made["secret"] not in listed and secret not in listed and "Open WebUI · staff · ask" in listed
    assert told(data, "key", "revoke", made["key"]["id"])["revoked"] and accounts.key(made["secret"]) is None
    assert ran(data, "key", "revoke", made["key"]["id"]).code == 2
    assert "revoked" in ran(data, "key", "list").out


def test_the_desk_is_closed_and_opened_and_the_audit_tells_it(
    data: Path, memory: Conversations, accounts: Accounts
) -> None:
    assert told(data, "close", "Back on Monday") == {"closed": "Back on Monday"}
    closed = accounts.closed()
    assert closed is not None and closed.by.startswith("terminal")
    assert "The desk is closed: Back on Monday" in ran(data, "list").out
    assert "open again" in ran(data, "open").out and "open already" in ran(data, "open").out

    audited = told(data, "audit")
    assert audited["holds"] and [one["action"] for one in audited["entries"]] == ["desk.opened", "desk.closed"]
    assert len(told(data, "audit", "--limit", "1")["entries"]) == 1
    assert "The record is whole" in ran(data, "audit").out
    with memory.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM accounts_audit WHERE number = 1")
    assert told(data, "audit", code=1)["holds"] is False
    assert ran(data, "audit").code == 1 and "changed by hand" in ran(data, "audit").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["invite", "X"], "--delegation SHORT_NAME, or --staff"),
        (["invite", "X", "--staff", "--delegation", "nepal"], "--delegation SHORT_NAME, or --staff"),
        (["invite", "X", "--delegation", "nepal", "--operator"], "--staff --operator"),
        (["invite", "X", "--delegation", "bhutan"], "delegation add bhutan"),
        (["invite", "\u202e", "--staff"], "The name is empty"),
        (["delegation", "add", "Ne pal", "Nepal"], "cannot be the short name"),
        (["key", "make", "X", "--scope", "all"], "is no scope"),
        (["key", "make", "X", "--as", "everybody"], "is not an audience"),
        (["disable", "x"], "no such account"),
        (["link", "x"], "no such account"),
        (["rights", "x", "--staff"], "no such account"),
        (["rights", "x"], "--delegation SHORT_NAME, or --staff"),
        (["close", " "], "readers see it"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(
    data: Path, accounts: Accounts, arguments: list[str], said: str
) -> None:
    done = ran(data, *arguments)
    assert done.code == 2 and said in done.said
    assert accounts.audited() == []


def test_listing_makes_nothing_where_nothing_is_kept(data: Path) -> None:
    done = ran(data, "list")
    assert done.code == 1 and "Nothing is kept" in done.said and not data.exists()
