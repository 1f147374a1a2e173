"""Conversations of one's own over HTTP: gone on with, listed, searched, read again and erased."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from assistant.conversations.errors import DatabaseFull
from tests.integrations.conftest import QUESTION, SMALL_QUESTION, UNANSWERABLE
from tests.integrations.streams import events
from tests.integrations.web.api.conftest import Kept

FOLLOW_UP = "And in Belgrade?"


def test_a_conversation_is_gone_on_with_by_its_name_and_read_again_as_it_was_told(kept: Kept) -> None:
    ana = kept.visitor()
    first = ana.ask()
    second = ana.ask(FOLLOW_UP, conversation=first["conversation"])
    assert second["conversation"] == first["conversation"]
    assert "rgrs-belgrade-march-2024" in {source["document_id"] for source in second["sources"]}

    read = ana("GET", f"/conversations/{first['conversation']}").json()

    assert read["id"] == first["conversation"]
    assert [turn["question"] for turn in read["turns"]] == [QUESTION, FOLLOW_UP]
    for turn, told in zip(read["turns"], (first, second), strict=True):
        extra = {name: told[name] for name in ("answer_id", "conversation", "suggestions")}
        assert {**turn["answer"], **extra} == told and turn["answer_id"] == extra["answer_id"]
        assert (turn["feedback"], turn["escalation"], turn["shared"], turn["answers_again"]) == (
            None,
            None,
            False,
            None,
        )
        assert datetime.now(UTC) - datetime.fromisoformat(turn["asked_at"]) < timedelta(minutes=5)
        one = ana("GET", f"/answers/{extra['answer_id']}").json()
        assert one == {**turn, "conversation": first["conversation"]}


def test_the_stream_ends_with_what_the_answer_is_kept_under(kept: Kept) -> None:
    ana = kept.visitor()
    with ana.client.stream("POST", "/api/v1/chat", json={"question": QUESTION}) as response:
        finished = list(events(response.iter_lines()))[-1]

    assert finished.name == "finished"
    assert set(finished.data) == {"answer", "answer_id", "conversation", "suggestions"}
    assert ana("GET", f"/answers/{finished.data['answer_id']}").json()["answer"] == finished.data["answer"]
    for suggested in finished.data["suggestions"]:
        assert ana.ask(suggested["question"])["outcome"] == "ANSWERED"


def test_the_list_is_searched_by_questions_and_the_last_comes_first(kept: Kept) -> None:
    ana = kept.visitor()
    first, second = ana.ask(), ana.ask(UNANSWERABLE)
    ana.ask(FOLLOW_UP, conversation=first["conversation"])

    listed = ana("GET", "/conversations").json()

    assert [one["id"] for one in listed] == [first["conversation"], second["conversation"]]
    assert [(one["question"], one["answers"]) for one in listed] == [(QUESTION, 2), (UNANSWERABLE, 1)]
    assert listed[1]["outcome"] == "NOT_COVERED" and listed[0]["language"] == "en"
    assert [one["id"] for one in ana("GET", "/conversations?limit=1").json()] == [first["conversation"]]
    for search, found in (("belgrade", first), ("Тирана", first), ("returnees", second)):
        assert [one["id"] for one in ana("GET", "/conversations", params={"q": search}).json()] == [
            found["conversation"]
        ]
    # In the answer only.
    assert ana("GET", "/conversations?q=Bangladesh").json() == []


def test_an_erased_conversation_is_gone_with_its_links_and_the_others_stay(kept: Kept) -> None:
    ana = kept.visitor()
    gone, stays = ana.ask(), ana.ask(UNANSWERABLE)
    shared = ana("POST", f"/answers/{gone['answer_id']}/share").json()["url"].rpartition("/")[2]
    accounts = kept.house.accounts
    assert accounts.shared(shared) == gone["answer_id"]

    assert ana("DELETE", f"/conversations/{gone['conversation']}").status_code == 204

    assert [one["id"] for one in ana("GET", "/conversations").json()] == [stays["conversation"]]
    assert accounts.shared(shared) is None
    assert kept.conversations.kept(gone["answer_id"]) is None


def test_everything_of_a_person_is_erased_at_their_word_and_nothing_of_others(kept: Kept) -> None:
    ana, ben = kept.visitor(), kept.visitor()
    first, second, his = ana.ask(), ana.ask(UNANSWERABLE), ben.ask()
    ana("PUT", f"/answers/{first['answer_id']}/feedback", json={"helpful": True})
    shared = ana("POST", f"/answers/{second['answer_id']}/share").json()["url"].rpartition("/")[2]

    assert ana("DELETE", "/me/questions").json()["erased"] >= 2

    assert ana("GET", "/conversations").json() == []
    assert kept.house.accounts.shared(shared) is None
    assert [one["id"] for one in ben("GET", "/conversations").json()] == [his["conversation"]]
    assert ana("DELETE", "/me/questions").json() == {"erased": 0}


def test_a_new_visitor_is_remembered_by_a_token_of_which_the_desk_keeps_a_digest_only(kept: Kept) -> None:
    response = httpx.post(f"{kept.house.address}/api/v1/ask", json={"question": QUESTION}, timeout=30)
    (cookie,) = response.headers.get_list("set-cookie")
    token = cookie.partition("=")[2].partition(";")[0]
    for guard in ("__Host-visitor=", "HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert guard in cookie

    shown = {"Cookie": f"__Host-visitor={token}", "Origin": kept.house.address}
    again = kept.person(shown)
    assert [one["id"] for one in again("GET", "/conversations").json()] == [response.json()["conversation"]]
    assert "set-cookie" not in again("GET", "/conversations").headers
    stored = kept.conversations.kept(response.json()["answer_id"])
    assert stored is not None and stored.person.startswith("visitor:") and token not in repr(stored)


def test_an_answer_that_cannot_be_kept_is_told_all_the_same(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise DatabaseFull("The database has no room left on its disk.")

    ana = kept.visitor()
    monkeypatch.setattr(type(kept.conversations), "keep", full)
    told = ana.ask()
    assert told["answer_id"] is None and told["outcome"] == "ANSWERED"
    monkeypatch.undo()
    assert ana("GET", "/conversations").json() == []
    assert ana("GET", f"/conversations/{told['conversation']}").status_code == 404


def test_a_database_that_is_lost_is_told_in_words_and_asking_goes_on(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ana = kept.visitor()
    hers = ana.ask()

    def lost(*_: object, **__: object) -> Any:
        raise DatabaseFull("The database /srv/desk.sqlite3 has no room left on its disk.")

    for name in ("turns", "turn", "kept_of", "conversations", "forget_thread", "forget", "escalate"):
        monkeypatch.setattr(type(kept.conversations), name, lost)
    for method, path in (
        ("GET", "/conversations"),
        ("GET", f"/conversations/{hers['conversation']}"),
        ("DELETE", f"/conversations/{hers['conversation']}"),
        ("GET", f"/answers/{hers['answer_id']}"),
        ("GET", f"/answers/{hers['answer_id']}/briefing.pdf"),
        ("DELETE", "/me/questions"),
    ):
        response = ana(method, path)
        told = response.json()["error"]
        assert (response.status_code, told["code"]) == (503, "unavailable"), path
        assert "srv" not in response.text and told["reference"] in caplog.text
    assert ana.ask()["outcome"] == "ANSWERED"


def test_a_name_and_a_history_are_one_too_many(kept: Kept) -> None:
    body = {"question": SMALL_QUESTION, "conversation": "c", "history": [{"role": "user", "text": "x"}]}
    for where in ("ask", "chat"):
        refused = kept.visitor()("POST", f"/{where}", json=body)
        assert refused.status_code == 422
        assert "not both" in json.loads(refused.text)["error"]["message"]
