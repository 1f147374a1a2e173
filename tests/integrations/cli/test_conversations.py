"""``migdesk conversations``: figures for everybody, texts only where they were asked for, erasure that is said."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from assistant.conversations.schema import answers
from assistant.conversations.store import Conversations, open_conversations
from assistant.conversations.types import Asked
from assistant.types import Answer, Outcome, Provenance
from integrations.accounts.store import open_accounts
from integrations.cli.copying import run_backup, run_restore
from integrations.cli.remembering import run_feedback, run_forget, run_status, run_unanswered
from integrations.operators.store import open_operators
from integrations.slack.tables import make_tables, seen
from tests.integrations.command import migdesk

_QUESTION = "Does my cousin \x1b[31mMirela need a visa?"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def memory(data: Path) -> Iterator[Conversations]:
    """One question that was answered and one that was not, with an opinion and a request."""
    opened = open_conversations(data)
    for person, outcome, question in (("ana", Outcome.ANSWERED, "Where?"), ("bo", Outcome.NOT_COVERED, _QUESTION)):
        answer = Answer(outcome, "…", "en", (), (), (), Provenance(None))
        identifier = opened.keep(Asked("t", "slack", person, "staff", "en", question, answer))
    opened.rate(identifier, "bo", False, "wrong", "Mirela was here")
    opened.escalate(identifier, "bo", "please")
    yield opened
    opened.close()


@pytest.mark.usefixtures("memory")
def test_status_counts_and_shows_no_text(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = migdesk("conversations", "status", "--data", data)
    run_status(30, data, True)
    report = json.loads(capsys.readouterr().out)

    assert told.code == 0 and "NOT_COVERED 1" in told.said and "Mirela" not in told.said
    assert (report["questions"], report["erased"], report["asked"], report["keep_days"]) == (2, 0, 2, 30)
    assert report["by_outcome"] == {"ANSWERED": 1, "NOT_COVERED": 1}
    assert (report["not_helpful"], report["escalations"]) == (1, {"open": 1})
    assert report["where"] == str(data / "conversations.sqlite3")


def test_what_the_desk_asked_again_by_itself_is_no_question_of_anybodys(
    data: Path, memory: Conversations, capsys: pytest.CaptureFixture[str]
) -> None:
    (first,) = memory.recent("bo")
    answer = Answer(Outcome.ANSWERED, "…", "en", (), (), (), Provenance(None))
    again = memory.keep(Asked("t", "web", "bo", "staff", "en", _QUESTION, answer))
    watches = open_operators(memory.engine).watches
    with memory.engine.begin() as connection:
        connection.execute(update(answers).where(answers.c.id == first.id).values(surface="web"))
    watches.watch([first.id])
    watches.answered(first.id, 1, again)
    run_status(30, data, True)
    report = json.loads(capsys.readouterr().out)
    assert (report["questions"], report["asked"], report["answered_again_by_the_desk"]) == (2, 2, 1)
    assert report["by_outcome"] == {"ANSWERED": 1, "NOT_COVERED": 1}


Listing = Callable[[bool, bool], None]  # whether with texts, and as JSON


@pytest.fixture(params=["unanswered", "feedback"])
def listing(request: pytest.FixtureRequest, data: Path, memory: Conversations) -> Listing:
    if request.param == "unanswered":
        return lambda texts, as_json: run_unanswered(30, 100, texts, data, as_json)
    return lambda texts, as_json: run_feedback(None, 100, texts, data, as_json)


def test_texts_are_shown_only_where_they_were_asked_for_and_move_no_cursor(
    listing: Listing, capsys: pytest.CaptureFixture[str]
) -> None:
    listing(False, False)
    without = capsys.readouterr().out
    listing(True, False)
    shown = capsys.readouterr().out
    listing(False, True)
    json_without = capsys.readouterr().out
    listing(True, True)
    [line] = json.loads(capsys.readouterr().out)

    assert "NOT_COVERED" in without and "--texts" in without and "Mirela" not in without
    assert "Does my cousin" in shown and "Mirela need a visa?" in shown and "\x1b" not in shown
    assert "NOT_COVERED" in json_without and "Mirela" not in json_without
    assert line["question"] == _QUESTION


def test_a_person_is_erased_when_it_was_meant(
    data: Path, memory: Conversations, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_forget("bo", yes=False, data=data, as_json=False) == 1
    assert capsys.readouterr().out == "Nothing was erased. Run it again with --yes.\n"
    assert len(memory.recent("bo")) == 1

    assert run_forget("bo", yes=True, data=data, as_json=False) == 0
    assert capsys.readouterr().out == "Records of bo erased: 1.\n"
    assert run_forget("bo", yes=True, data=data, as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == {"erased": 0}
    assert memory.recent("bo") == [] and len(memory.recent("ana")) == 1


def test_what_is_too_old_is_erased_and_counted(data: Path, memory: Conversations) -> None:
    with memory.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE answers SET asked_at = '2020-01-01 00:00:00.000000' WHERE person = 'ana'")

    done = migdesk("conversations", "purge", "--data", data, env={"MIGDESK_KEEP_DAYS": "7"})

    assert done.code == 0 and done.said == "Questions erased that were older than 7 days: 1."
    assert memory.recent("ana") == [] and len(memory.recent("bo")) == 1


def test_where_nothing_is_kept_nothing_is_made(data: Path) -> None:
    told = migdesk("conversations", "status", "--data", data)

    assert told.code == 1 and f"Nothing is kept in {data}" in told.said and not data.exists()


@pytest.mark.parametrize("address", ["mysql://u:sesame@h/n", "postgresql://u:sesame@127.0.0.1:1/n"])
def test_a_database_that_cannot_be_used_is_told_without_its_password(data: Path, address: str) -> None:
    """Of the wrong kind or not reachable: a setting is wrong either way."""
    told = migdesk("conversations", "status", "--data", data, "--json", env={"MIGDESK_DATABASE_URL": address})

    assert told.code == 4 and "MIGDESK_DATABASE_URL" in told.json()["error"]["message"]
    assert "sesame" not in told.out + told.err


def test_a_backup_brings_questions_and_accounts_back_and_says_what_it_keeps(
    data: Path, memory: Conversations, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_accounts(memory.engine).add_delegation("nepal", "Delegation of Nepal", "cli:ana")
    make_tables(memory.engine)
    with memory.engine.begin() as connection:
        connection.execute(insert(seen).values(kind="message", last=1.0))
    run_backup(tmp_path / "copy", True, data, False)
    assert "2 questions" in (told := capsys.readouterr().out) and "delete it by" in told
    run_restore(tmp_path / "copy", tmp_path / "new", True)
    assert json.loads(capsys.readouterr().out)["questions"] == 2
    back = open_conversations(tmp_path / "new")
    assert [one.slug for one in open_accounts(back.engine).delegations()] == ["nepal"]
    with back.engine.connect() as connection:
        assert connection.execute(select(seen)).all() == [], "work that was under way then is none now"
    back.close()
    again = migdesk("conversations", "restore", tmp_path / "copy", "--data", tmp_path / "new")
    assert again.code == 1 and "Stop the desk" in again.said
