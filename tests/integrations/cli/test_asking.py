"""``migdesk ask`` and ``migdesk chat``, as processes."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from knowledge.locks import writer_lock
from tests.fakes import MODEL, ModelServer, Page, html, lines
from tests.integrations.command import Ran, migdesk
from tests.integrations.conftest import (
    QUESTION,
    SMALL_QUESTION,
    STAFF_DOCUMENT,
    STAFF_NAME,
    STAFF_QUESTION,
    UNANSWERABLE,
)
from tests.integrations.servers import KEY

ANSWER = {
    *("outcome", "text", "language", "sentences", "sources", "notices", "provenance", "choices", "nearby"),
    *("positions", "as_of"),
}
CITATION = {
    *("number", "passage_id", "document_id", "title", "publisher", "published"),
    *("url", "locator", "place", "quote", "start", "end", "verified", "version"),
}
SOURCE = {"number", "document_id", "title", "publisher", "published", "url"}
PROVENANCE = {"model", "prompts", "embedder", "index", "timings_ms", "tokens", "confidence"}


def stored_text(data: Path, document_id: str) -> str:
    connection = sqlite3.connect(data / "catalogue.sqlite3")
    try:
        (text,) = connection.execute("SELECT text FROM documents WHERE id = ?", (document_id,)).fetchone()
    finally:
        connection.close()
    return str(text)


def citations_of(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [citation for sentence in answer["sentences"] for citation in sentence["citations"]]


def test_json_has_the_documented_keys_and_every_quote_stands_in_its_document(base: Path) -> None:
    ran = migdesk("ask", QUESTION, "--json", "--no-model", "--data", base)
    answer = ran.json()
    assert (ran.code, ran.err) == (0, "")
    assert set(answer) == ANSWER
    assert set(answer["provenance"]) == PROVENANCE
    assert answer["provenance"]["model"] is None
    assert {"found", "first_sentence", "total"} <= set(answer["provenance"]["timings_ms"])
    assert answer["outcome"] == "ANSWERED"
    assert answer["language"] == "en"
    said = [sentence["text"] for sentence in answer["sentences"] if set(sentence) == {"text", "citations"}]
    assert answer["text"] == " ".join(said)
    assert any(all(name in text for name in ("Bangladesh", "Nepal", "Pakistan")) for text in said)

    citations = citations_of(answer)
    assert citations
    for citation in citations:
        assert set(citation) == CITATION
        assert citation["verified"] is True
        stored = stored_text(base, citation["document_id"])
        assert stored[citation["start"] : citation["end"]] == citation["quote"]
    assert {citation["document_id"] for citation in citations} == {"rgrs-tirana-june-2024"}
    assert all(set(source) == SOURCE for source in answer["sources"])
    assert {citation["number"] for citation in citations} == {source["number"] for source in answer["sources"]}
    assert "albania.iom.int" in answer["sources"][0]["url"]
    assert all(set(notice) == {"kind", "text"} for notice in answer["notices"])
    assert "dated" in {notice["kind"] for notice in answer["notices"]}


def test_a_question_the_documents_do_not_answer_is_no_error_and_cites_nothing(base: Path) -> None:
    ran = migdesk("ask", UNANSWERABLE, "--json", "--no-model", "--data", base)
    answer = ran.json()
    assert ran.code == 0
    assert answer["outcome"] == "NOT_COVERED"
    assert (answer["sentences"], answer["sources"]) == ([], [])
    assert "2025" in answer["text"]


def test_staff_are_answered_from_staff_documents_and_the_public_learns_nothing_of_them(base: Path) -> None:
    staff = migdesk("ask", STAFF_QUESTION, "--as", "staff", "--json", "--data", base).json()
    public = migdesk("ask", STAFF_QUESTION, "--json", "--data", base)
    assert staff["outcome"] == "ANSWERED"
    assert STAFF_NAME in staff["text"]
    assert {citation["document_id"] for citation in citations_of(staff)} == {STAFF_DOCUMENT}
    assert STAFF_NAME not in public.out
    assert STAFF_DOCUMENT not in public.out


@pytest.mark.parametrize(
    "question", ["", " \t\u200b ", "x" * 100_000], ids=["empty", "invisible", "100,000 characters"]
)
def test_a_question_that_is_none_is_wrong_usage(small_base: Path, question: str) -> None:
    ran = migdesk("ask", question, "--data", small_base)
    assert (ran.code, ran.out) == (2, "")
    assert ("4,000" if question.strip("\u200b \t") else "empty") in ran.said
    assert len(ran.err) < 500


def test_an_unknown_audience_sees_nothing_and_is_told_which_there_are(base: Path) -> None:
    ran = migdesk("ask", STAFF_QUESTION, "--as", "nonsense", "--json", "--data", base)
    assert ran.code == 2
    assert ran.json()["error"]["code"] == "input"
    assert "partner:<delegation>" in ran.json()["error"]["message"]
    assert STAFF_NAME not in ran.out


def test_without_a_store_it_says_how_to_make_one_and_makes_none(tmp_path: Path) -> None:
    data = tmp_path / "nothing"
    ran = migdesk("ask", QUESTION, "--data", data)
    assert ran.code == 3
    assert f"migdesk ingest PATH --data {data}" in ran.said
    assert not data.exists()


def test_a_model_without_key_or_endpoint_is_a_wrong_setting_and_no_model_goes_round_it(small_base: Path) -> None:
    env = {"MIGDESK_MODEL": "some-model", "MIGDESK_DATA": str(small_base)}
    wrong = migdesk("ask", SMALL_QUESTION, "--json", env=env)
    assert wrong.code == 4
    assert wrong.json()["error"]["code"] == "settings"
    assert "OPENAI_API_KEY" in wrong.json()["error"]["message"]
    round_it = migdesk("ask", "Is the border post at Tabanovce open?", "--no-model", "--json", env=env)
    assert round_it.code == 0
    assert round_it.json()["provenance"]["model"] is None


def test_a_configured_model_answers_and_its_invention_is_not_shown(base: Path) -> None:
    said = "Delegations from Bangladesh, Nepal and Pakistan attended the RGRS meeting in Tirana. [1][2][3]"
    with ModelServer(lines(said, "It was attended by 9,731 delegates. [1]")) as server:
        env = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": KEY, "MIGDESK_MODEL": MODEL}
        ran = migdesk("ask", QUESTION, "--json", "--data", base, env=env)
        assert [request.headers["authorization"] for request in server.requests] == [f"Bearer {KEY}"]
    answer = ran.json()
    assert answer["outcome"] == "PARTIAL"
    assert answer["text"] == said.partition(" [")[0]
    assert all(citation["verified"] for citation in citations_of(answer))
    assert answer["provenance"]["model"] == MODEL
    assert set(answer["provenance"]["prompts"]) == {"answer"}
    assert KEY not in ran.out + ran.err


def ask_a_broken_model(data: Path, address: str) -> Ran:
    env = {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": KEY, "MIGDESK_MODEL": MODEL}
    return migdesk("ask", QUESTION, "--json", "--data", data, env=env)


@pytest.mark.parametrize("broken", ["down", "wrong key", "html"])
def test_where_the_model_fails_the_reader_gets_the_quotes_and_a_notice(base: Path, broken: str) -> None:
    page: tuple[Page, ...] = (html(),) if broken == "html" else ()
    with ModelServer(*page, require_key=broken == "wrong key") as server:
        address = server.base_url
        ran = ask_a_broken_model(base, address) if broken != "down" else None
    ran = ran or ask_a_broken_model(base, address)  # nobody listens there any more
    answer = ran.json()
    assert ran.code == 0
    assert answer["outcome"] == "EVIDENCE_ONLY"
    assert "model_unavailable" in {notice["kind"] for notice in answer["notices"]}
    assert all(citation["verified"] for citation in citations_of(answer))
    assert "Bangladesh" in answer["text"]
    assert KEY not in ran.out + ran.err


def test_questions_are_answered_while_another_process_writes(small_copy: Path) -> None:
    with writer_lock(small_copy):
        ran = migdesk("ask", SMALL_QUESTION, "--json", "--data", small_copy)
    assert ran.code == 0
    assert ran.json()["outcome"] == "ANSWERED"


def test_chat_understands_a_follow_up_by_the_question_before_it(base: Path) -> None:
    follow_up = "And in Belgrade?"
    ran = migdesk("chat", "--no-model", "--data", base, stdin=f"{QUESTION}\n{follow_up}\n")
    first, second = ran.out.split("ANSWERED")[:2]
    assert ran.code == 0
    assert "rgrs-tirana-june-2024" in first
    assert "rgrs-belgrade-march-2024" in second
    assert "rgrs-belgrade-march-2024" not in first


def test_a_conversation_goes_on_after_a_line_that_is_no_question(small_base: Path) -> None:
    ran = migdesk("chat", "--no-model", "--data", small_base, stdin=f"???\n{SMALL_QUESTION}\n")
    assert "The question is empty" in ran.said
    assert "Tabanovce is open all night" in ran.said
    assert ran.code == 0


def test_on_a_terminal_sentences_carry_numbers_and_their_source_an_address_that_can_be_copied(base: Path) -> None:
    ran = migdesk("ask", QUESTION, "--no-model", "--data", base)
    assert ran.code == 0
    assert "Bangladesh, Nepal and Pakistan and by delegations from the Western Balkans. [1]" in ran.said
    assert "[1] PRESS RELEASE" in ran.out
    address = next(word for word in ran.out.split() if word.startswith("https://"))
    assert address.startswith("https://albania.iom.int/news/")
    assert address.endswith("-tirana"), "the address is broken over two lines"
