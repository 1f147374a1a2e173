"""The HTTP API against a real server: what a client sends and gets, and what happens when it leaves."""

import gc
import json
import logging
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from integrations.settings import ServerSettings
from knowledge.embedding import Embedder
from knowledge.errors import KnowledgeError
from tests.fakes import MODEL, ModelServer, Reply, error, lines, never_starts, stalls
from tests.integrations.conftest import (
    QUESTION,
    SMALL_QUESTION,
    STAFF_DOCUMENT,
    STAFF_NAME,
    STAFF_QUESTION,
    UNANSWERABLE,
    DeskOn,
)
from tests.integrations.servers import KEY, serving_desk, serving_with, wait_until
from tests.integrations.streams import Received, events
from tests.integrations.web.conftest import BrokenSearcher

MODEL_SAYS = "Delegations from Bangladesh, Nepal and Pakistan attended the RGRS meeting in Tirana. [1][2][3]"


def ask(site: str, question: str, **more: Any) -> httpx.Response:
    return httpx.post(f"{site}/api/ask", json={"question": question, **more}, timeout=30)


def chat(site: str, question: str, **more: Any) -> list[Received]:
    with httpx.stream("POST", f"{site}/api/chat", json={"question": question, **more}, timeout=30) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(events(response.iter_lines()))


def without_timings(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer itself: also without the id it is kept under and what else comes with a single one."""
    said = {name: value for name, value in answer.items() if name not in ("answer_id", "conversation", "suggestions")}
    return {**said, "provenance": {**answer["provenance"], "timings_ms": None}}


def citations_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [citation for sentence in answer["sentences"] for citation in sentence["citations"]]


# --- answers --------------------------------------------------------------------------------------------------------


def test_the_stream_tells_in_order_what_the_single_answer_says_at_once(site: str) -> None:
    received = chat(site, QUESTION)
    names = [event.name for event in received]
    said = [event.data for event in received if event.name == "said"]
    finished = received[-1].data["answer"]
    assert names == ["searching", "found", *["said"] * len(said), "finished"]
    answer_id = received[0].id.partition("/")[0]
    assert len(answer_id) == 32
    assert [event.id for event in received] == [f"{answer_id}/{number}" for number in range(1, len(received) + 1)]
    assert [event["index"] for event in said] == list(range(len(said)))
    assert [event["sentence"] for event in said] == finished["sentences"]
    assert {citation["passage_id"] for citation in citations_of(finished)} <= {
        passage["passage_id"] for passage in received[1].data["passages"]
    }

    single = ask(site, QUESTION)
    assert single.status_code == 200
    assert without_timings(single.json()) == without_timings(finished)
    assert "Bangladesh, Nepal and Pakistan" in finished["text"]
    assert chat(site, QUESTION)[0].id.partition("/")[0] != answer_id


def test_a_refusal_is_an_answer_without_citations(site: str) -> None:
    received = chat(site, UNANSWERABLE)
    answer = received[-1].data["answer"]
    assert [event.name for event in received] == ["searching", "found", "finished"]
    assert (answer["outcome"], answer["sentences"], answer["sources"]) == ("NOT_COVERED", [], [])
    assert without_timings(ask(site, UNANSWERABLE).json()) == without_timings(answer)


def test_a_follow_up_is_understood_by_its_history_and_the_desk_speaks_the_language_asked_for(site: str) -> None:
    history = [{"role": "user", "text": QUESTION}, {"role": "assistant", "text": "Bangladesh, Nepal and Pakistan."}]
    alone, followed = chat(site, "And in Belgrade?"), chat(site, "And in Belgrade?", history=history)
    assert alone[0].data == {"question": "And in Belgrade?"}
    assert "delegations" in followed[0].data["question"]
    assert "rgrs-belgrade-march-2024" in {c["document_id"] for c in citations_of(followed[-1].data["answer"])}

    serbian = ask(site, UNANSWERABLE, language="sr-Latn").json()
    assert serbian["language"] == "sr-Latn"
    assert serbian["text"] != ask(site, UNANSWERABLE).json()["text"]


def test_over_http_nobody_reads_what_is_for_staff(site: str) -> None:
    received = chat(site, STAFF_QUESTION)
    assert STAFF_NAME not in str(received)
    assert STAFF_DOCUMENT not in str(received)
    assert STAFF_NAME not in ask(site, STAFF_QUESTION).text


# --- documents ------------------------------------------------------------------------------------------------------


def test_every_citation_opens_its_document_at_the_quoted_words(site: str) -> None:
    for question in (QUESTION, "Who opened the Belgrade meeting of the RGRS?"):
        citations = citations_of(ask(site, question).json())
        assert citations
        for citation in citations:
            document = httpx.get(f"{site}/api/documents/{citation['document_id']}").json()
            assert document["id"] == citation["document_id"]
            assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
            assert citation["title"] in [document["title"], *(known["title"] for known in document["references"])]
            place = [s for s in document["sections"] if s["start"] <= citation["start"] and citation["end"] <= s["end"]]
            assert [s["heading"] in citation["locator"] or citation["locator"] == "opening" for s in place] == [True]
            assert str(Path("/")) + "work" not in json.dumps(document), "where the file lies is nobody's business"


def test_a_hidden_document_cannot_be_told_from_one_that_never_was(site: str) -> None:
    hidden, absent = (
        httpx.get(f"{site}/api/documents/{name}") for name in (STAFF_DOCUMENT, STAFF_DOCUMENT.replace("hot", "cold"))
    )
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content
    assert hidden.json()["error"]["code"] == "not_found"
    assert headers_but_date(hidden) == headers_but_date(absent)


def headers_but_date(response: httpx.Response) -> list[tuple[str, str]]:
    return [(name, value) for name, value in response.headers.multi_items() if name != "date"]


@pytest.mark.parametrize("path", ["../../etc/passwd", "..%2f..%2fcatalogue.sqlite3", "a%00b", "x" * 3000, ""])
def test_an_id_is_no_path_on_the_disk(site: str, path: str) -> None:
    response = httpx.get(f"{site}/api/documents/{path}")
    assert response.status_code == 404
    assert set(response.json()["error"]) == {"code", "message", "reference"}


# --- bad requests ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["ask", "chat"])
@pytest.mark.parametrize("question", [" ", "\n\t", "\u200b\u00ad", "???"])
def test_a_blank_question_is_told_to_be_one(site: str, address: str, question: str) -> None:
    response = httpx.post(f"{site}/api/{address}", json={"question": question})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "invalid_question"
    assert "empty" in response.json()["error"]["message"]


WRONG = {
    "no question": ({}, "question"),
    "empty": ({"question": ""}, "question"),
    "not a text": ({"question": 7}, "question"),
    "too long": ({"question": "x" * 4001}, "question"),
    "unknown field": ({"question": "Who?", "audience": "staff"}, "audience"),
    "another reader": ({"question": "Who?", "reader": {"name": "staff"}}, "reader"),
    "history of another shape": ({"question": "Who?", "history": "earlier"}, "history"),
    "history of nobody": ({"question": "Who?", "history": [{"role": "system", "text": "x"}]}, "history.0.role"),
    "too long a turn": ({"question": "Who?", "history": [{"role": "user", "text": "x" * 8001}]}, "history.0.text"),
    "too many turns": ({"question": "Who?", "history": [{"role": "user", "text": "x"}] * 21}, "history"),
    "no such language": ({"question": "Who?", "language": "../messages"}, "language"),
    "a list": ([], "body"),
}


@pytest.mark.parametrize("address", ["ask", "chat"])
@pytest.mark.parametrize(("body", "field"), WRONG.values(), ids=list(WRONG))
def test_a_request_of_the_wrong_shape_is_told_which_field_is_wrong(
    site: str, address: str, body: object, field: str
) -> None:
    response = httpx.post(f"{site}/api/{address}", json=body)
    told = response.json()["error"]
    assert response.status_code == 422
    assert (told["code"], told["reference"]) == ("invalid_request", None)
    assert told["message"].startswith(f"{field}: ")
    assert len(response.content) < 1000, "what was sent is not sent back"


def test_what_is_not_json_is_refused_also_when_another_site_sends_it_as_a_form_would(site: str) -> None:
    def post(body: str, content_type: str) -> httpx.Response:
        return httpx.post(
            f"{site}/api/ask", content=body, headers={"Content-Type": content_type, "Origin": "https://x.y"}
        )

    right = json.dumps({"question": QUESTION})
    answered = post(right, "application/json")
    assert answered.status_code == 200
    assert not [name for name in answered.headers if name.startswith("access-control-")]
    for body, content_type in (
        ("{", "application/json"),
        (right, "text/plain"),
        ("question=x", "application/x-www-form-urlencoded"),
    ):
        response = post(body, content_type)
        assert response.status_code == 422
        assert response.json()["error"]["code"] == "invalid_request"


def in_pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // 1024):
        yield b" " * 1024


@pytest.mark.parametrize("content", [lambda: b" " * 300_000, lambda: in_pieces(300_000)], ids=["at once", "chunked"])
def test_a_body_over_the_limit_is_refused_in_the_same_shape(site: str, content: Callable[[], Any]) -> None:
    for address in ("ask", "chat"):
        response = httpx.post(
            f"{site}/api/{address}", content=content(), headers={"Content-Type": "application/json"}, timeout=10
        )
        assert response.status_code == 413
        assert response.json()["error"] == {
            "code": "http_413",
            "message": "The request is too large.",
            "reference": None,
        }


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/api/", 404),
        ("GET", "/static/nowhere.js", 404),
        ("GET", "/static/../routes.py", 404),
        ("GET", "/static/..%2froutes.py", 404),
        ("GET", "/docs", 404),
        ("GET", "/redoc", 404),
        ("GET", "/metrics", 404),
        ("GET", "/api/ask", 405),
        ("GET", "/api/chat", 405),
        ("DELETE", "/api/documents/rgrs-tirana-june-2024", 405),
        ("OPTIONS", "/api/ask", 405),
        ("POST", "/", 405),
    ],
)
def test_an_address_or_method_that_is_none_is_told_in_the_same_shape(
    site: str, method: str, path: str, status: int
) -> None:
    response = httpx.request(method, f"{site}{path}")
    assert response.status_code == status
    assert response.json()["error"]["code"] == f"http_{status}"
    assert response.json()["error"]["message"].endswith(".")
    assert ("allow" in response.headers) == (status == 405)


# --- failures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [RuntimeError, ValueError, KnowledgeError])
def test_a_failure_inside_the_stream_ends_it_in_words_with_a_reference(
    broken: tuple[str, type[BrokenSearcher]],
    failure: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    address, searcher = broken
    monkeypatch.setattr(searcher, "failure", failure)
    received = chat(address, "Xanthippe asks: is Tabanovce open?")
    failed = received[-1]
    assert [event.name for event in received] == ["searching", "failed"]
    assert failed.id == received[0].id.replace("/1", "/2")
    assert set(failed.data) == {"message", "reference"}
    assert failed.data["reference"] in failed.data["message"]
    assert failed.data["reference"] in caplog.text, "who reports the reference must be found in the log"
    assert failure.__name__ in caplog.text
    assert not {"srv", "sqlite", failure.__name__} & set(failed.data["message"].replace("/", " ").split())
    assert "Xanthippe" not in caplog.text


@pytest.mark.parametrize(
    ("failure", "status", "code"), [(RuntimeError, 500, "failed"), (KnowledgeError, 503, "unavailable")]
)
def test_a_failure_of_the_single_answer_is_told_in_words_with_a_reference(
    broken: tuple[str, type[BrokenSearcher]],
    failure: type[Exception],
    status: int,
    code: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    address, searcher = broken
    monkeypatch.setattr(searcher, "failure", failure)
    response = ask(address, "Xanthippe asks: is Tabanovce open?")
    told = response.json()["error"]
    assert (response.status_code, told["code"]) == (status, code)
    assert told["reference"] in caplog.text
    assert "sqlite" not in response.text
    assert "Xanthippe" not in response.text
    assert httpx.get(f"{address}/healthz").status_code == 200  # by now the server has logged what it had to
    assert "Xanthippe" not in caplog.text, "the question is logged"


def test_a_damaged_keyword_index_ends_in_words_and_the_question_is_not_logged_with_the_statement(
    small_copy: Path, desk_on: DeskOn, caplog: pytest.LogCaptureFixture
) -> None:
    with serving_desk(desk_on(small_copy)) as address:
        connection = sqlite3.connect(small_copy / "catalogue.sqlite3")
        (table,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE 'lexicon%' AND name LIKE '%\\_data' ESCAPE '\\'"
        ).fetchone()
        with connection:
            assert connection.execute(f"DELETE FROM {table}").rowcount
        connection.close()
        received = chat(address, "Xanthippe asks: is Tabanovce open?")
        single = ask(address, "Xanthippe asks: is Tabanovce open?")
        assert httpx.get(f"{address}/healthz").status_code == 200
    assert received[-1].name == "failed"
    assert received[-1].data["reference"] in caplog.text
    assert single.status_code in (500, 503)
    assert set(single.json()) == {"error"}
    assert "xanthippe" not in caplog.text.lower()


# --- the model and the gate -----------------------------------------------------------------------------------------


def test_neither_question_nor_key_is_logged_only_what_came_of_it(
    base: Path, embedder: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)  # as `migdesk serve` sets it
    caplog.set_level(logging.DEBUG, logger="migdesk")
    question, earlier = "Did Xanthippe attend the meeting in Tirana?", "Where is Alcibiades?"
    history = [{"role": "user", "text": earlier}]
    echo = error(400, f"No answer for {KEY} to: {question} {earlier}", "invalid")
    with (
        ModelServer(echo, lines(MODEL_SAYS), lines(MODEL_SAYS)) as model,
        serving_with(model, base, embedder) as address,
    ):
        failed = chat(address, question, history=history)[-1].data["answer"]
        answered = chat(address, question, history=history)
        asked = ask(address, question)
    assert failed["provenance"]["model"] == MODEL
    assert answered[-1].name == "finished"
    assert asked.status_code == 200
    logged = [record for record in caplog.records if record.name.startswith("migdesk")]
    assert any(answered[-1].data["answer_id"][:8] in record.getMessage() for record in logged)
    for secret in ("Xanthippe", "Alcibiades", KEY):
        assert secret not in caplog.text


def test_what_a_check_drops_is_told_by_its_reason_and_never_shown(base: Path, embedder: Embedder) -> None:
    written = lines(MODEL_SAYS, MODEL_SAYS.replace("Delegations", "9,731 delegates"))
    with ModelServer(written) as model, serving_with(model, base, embedder) as address:
        received = chat(address, QUESTION)
    assert [event.name for event in received] == ["searching", "found", "said", "dropped", "finished"]
    assert received[3].data == {"reason": "figure"}
    assert received[-1].data["answer"]["outcome"] == "PARTIAL"
    assert "9,731" not in str(received)


def test_one_more_than_fit_is_told_to_come_back_and_served_when_a_place_is_free(base: Path, embedder: Embedder) -> None:
    with (
        ModelServer(stalls(), lines(MODEL_SAYS)) as model,
        serving_with(model, base, embedder, most=1, waiting_answers=0) as address,
    ):
        with httpx.stream("POST", f"{address}/api/chat", json={"question": QUESTION}, timeout=30) as open_stream:
            received = events(open_stream.iter_lines())
            assert next(received).name == "searching"
            assert model.wait_for_requests(1)
            for busy in (ask(address, QUESTION), httpx.post(f"{address}/api/chat", json={"question": QUESTION})):
                assert busy.status_code == 503
                assert busy.json()["error"]["code"] == "busy"
                assert int(busy.headers["retry-after"]) > 0
            assert httpx.get(f"{address}/healthz").status_code == 200
            assert httpx.get(f"{address}/api/documents/rgrs-tirana-june-2024").status_code == 200
        wait_until(lambda: ask(address, QUESTION).status_code == 200, "the place to be free again")


def test_a_refused_question_gives_its_place_back(small_base: Path, desk_on: DeskOn) -> None:
    with serving_desk(desk_on(small_base), ServerSettings(concurrent_answers=1)) as address:
        for body in ({"question": " "}, {"question": "x" * 4001}, {}):
            assert httpx.post(f"{address}/api/chat", json=body).status_code in (400, 422)
        assert chat(address, SMALL_QUESTION)[-1].name == "finished"
        assert ask(address, SMALL_QUESTION).json()["outcome"] == "ANSWERED"


@pytest.mark.parametrize("where", ["chat", "ask"])
@pytest.mark.parametrize("reply", [never_starts(), stalls()], ids=["before a word", "in the middle"])
def test_a_client_that_leaves_stops_the_model_and_frees_its_place(
    base: Path, embedder: Embedder, where: str, reply: Reply
) -> None:
    body = json.dumps({"question": QUESTION}).encode()
    head = f"POST /api/{where} HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with ModelServer(reply, lines(MODEL_SAYS)) as model, serving_with(model, base, embedder, most=1) as address:
        url = httpx.URL(address)
        with socket.create_connection((url.host, url.port)) as client:
            client.sendall(f"{head}\r\n\r\n".encode() + body)
            assert model.wait_for_requests(1)
        assert model.wait_for_disconnects(1), "the model goes on writing for nobody"
        wait_until(lambda: ask(address, QUESTION).status_code == 200, "the place to be free again", timeout=5)


def test_readers_who_leave_in_the_middle_leave_no_error_behind(
    small_base: Path, desk_on: DeskOn, caplog: pytest.LogCaptureFixture
) -> None:
    """The generators of their streams were left to the garbage collector once, and closed in each other's way."""
    body = json.dumps({"question": SMALL_QUESTION}).encode()
    head = f"POST /api/chat HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with serving_desk(desk_on(small_base)) as address:
        port = int(address.rpartition(":")[2])
        for _ in range(3):
            readers = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(20)]
            for reader in readers:
                reader.sendall(f"{head}\r\n\r\n".encode() + body)
            for number, reader in enumerate(readers):
                assert reader.recv(400 if number % 2 else 3000)
                reader.close()
        assert ask(address, SMALL_QUESTION).status_code == 200
        gc.collect()
        assert ask(address, SMALL_QUESTION).status_code == 200
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
