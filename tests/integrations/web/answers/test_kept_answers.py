"""What is kept of a reader, as pages: found again, judged, handed on, shared, erased; and never anybody else's."""

from contextlib import closing
from pathlib import Path

import pytest

from knowledge.base import open_base
from knowledge.embedding import Embedder
from knowledge.types import Decision
from tests.integrations.conftest import QUESTION, SMALL_QUESTION, STAFF_NAME, STAFF_QUESTION, DeskOn
from tests.integrations.web.answers.conftest import Place, Reader, link_named, opened
from tests.integrations.web.askers import account, with_session
from tests.integrations.web.reading import address_of, words

UNKNOWN = "x" * 22


def staff(place: Place, name: str = "Asha", audience: str = "staff") -> Reader:
    secret = place.accounts.open_session(account(place.accounts, audience, name).id)
    return Reader(place.address, headers=with_session(secret, place.address))


def link_of(reader: Reader, answer: str) -> str:
    """The path of a link by which the reader shares an answer."""
    response = reader.post(f"/answers/{answer}/share")
    assert response.status_code == 200
    _, _, found = response.text.partition(f'value="{reader.site}')
    return found.partition('"')[0]


# --- history ----------------------------------------------------------------------------------------------------------


def test_what_was_asked_is_found_again_by_its_words(reader: Reader) -> None:
    first, _ = reader.ask(QUESTION)
    second, _ = reader.ask(SMALL_QUESTION)
    reader.ask("And in Belgrade?", conversation=first)
    links = reader.read("/history").css("ul.cards a.title")
    assert [address_of(link) for link in links] == [f"/conversations/{first}", f"/conversations/{second}"]
    assert [words(link) for link in links] == [QUESTION, SMALL_QUESTION]
    assert "2 questions" in words(reader.read("/history").css_first("ul.cards li"))
    found = reader.read("/history?q=tabanovce")
    assert [address_of(link) for link in found.css("a.title")] == [f"/conversations/{second}"]
    nothing = reader.read("/history?q=%25%22zzyzx%3Cb%3E")
    assert words(nothing.css_first(".empty")) == "None of your questions has these words."
    assert words(Reader(reader.site).read("/history").css_first(".empty")) == "You have not asked anything yet."


def test_a_conversation_is_erased_after_asking_once_more_and_by_no_mere_link(reader: Reader) -> None:
    kept, _ = reader.ask(SMALL_QUESTION)
    gone, answer = reader.ask(QUESTION)
    reader.ask("And in Belgrade?", conversation=gone)
    shared = link_of(reader, answer)
    asked = reader.read(f"/conversations/{gone}/erase")
    assert QUESTION in words(asked.css_first("main"))
    assert reader.get(f"/conversations/{gone}").status_code == 200
    assert reader.post(f"/conversations/{gone}/erase").headers["location"] == "/history"
    assert reader.get(f"/conversations/{gone}").status_code == 404
    assert Reader(reader.site).get(shared).status_code == 404
    assert [address_of(link) for link in reader.read("/history").css("a.title")] == [f"/conversations/{kept}"]


def test_everything_is_erased_at_once(reader: Reader) -> None:
    conversations = [reader.ask(question)[0] for question in (SMALL_QUESTION, QUESTION)]
    assert link_named(reader.read("/history"), "Erase everything you have asked") == "/history/erase"
    assert reader.get("/history/erase").status_code == 200
    assert reader.post("/history/erase").status_code == 303
    assert [reader.get(f"/conversations/{one}").status_code for one in conversations] == [404, 404]
    assert reader.read("/history").css("a.title") == []


# --- owners -----------------------------------------------------------------------------------------------------------


def test_somebody_elses_is_nobodys_whatever_is_tried_with_it(place: Place, reader: Reader) -> None:
    conversation, answer = reader.ask(QUESTION)
    stranger = Reader(place.address)
    for path in ("/conversations/{}", "/conversations/{}/erase"):
        others, unknown = (stranger.get(path.format(one)) for one in (conversation, UNKNOWN))
        assert others.status_code == unknown.status_code == 404
        assert others.content == unknown.content
    tries = [("/conversations/{}/erase", conversation), ("/ask", conversation)]
    tries += [(f"/answers/{{}}/{what}", answer) for what in ("feedback", "person", "share", "unshare")]
    for path, identifier in tries:
        fields = {"question": "And then?", "helpful": "yes"}
        others, unknown = (stranger.post(path.format(one), conversation=one, **fields) for one in (identifier, UNKNOWN))
        assert others.status_code == unknown.status_code == 404, path
        assert others.content == unknown.content
    page = reader.read(f"/conversations/{conversation}")
    assert len(page.css("article")) == 1
    assert page.css(".feedback button") and page.css("form[action$='/person']")


def test_an_answer_whose_document_was_withdrawn_says_nothing_more(
    small_copy: Path, desk_on: DeskOn, embedder: Embedder, tmp_path: Path
) -> None:
    with opened(desk_on(small_copy), tmp_path) as place:
        reader = Reader(place.address)
        conversation, answer = reader.ask(SMALL_QUESTION)
        shared = link_of(reader, answer)
        assert "on holidays too" in reader.get(f"/conversations/{conversation}").text
        assert Reader(place.address).get(shared).status_code == 200
        with closing(open_base(small_copy, embedder)) as base:
            base.catalogue.decide(Decision("tester", "note.txt", "withdraw", {"reason": "wrong"}))
        gone = reader.get(f"/conversations/{conversation}")
        assert gone.status_code == 200 and "on holidays too" not in gone.text
        assert "This answer is no longer available" in gone.text
        assert Reader(place.address).get(shared).status_code == 404


# --- what is said of an answer ----------------------------------------------------------------------------------------


def test_an_opinion_is_kept_with_its_reason_and_said_thanks_for(place: Place, reader: Reader) -> None:
    conversation, answer = reader.ask(QUESTION)
    sent = reader.post(f"/answers/{answer}/feedback", helpful="no", reason="outdated", comment="From 2024.\r\nOld.")
    assert sent.headers["location"] == f"/conversations/{conversation}#answer-{answer}"
    ((kept, opinion), *_) = place.conversations.feedback(helpful=False)
    assert (kept.id, opinion.reason, opinion.comment) == (answer, "outdated", "From 2024.\nOld.")
    page = reader.read(f"/conversations/{conversation}")
    assert words(page.css_first(".feedback")) == "Thank you, noted."
    reader.post(f"/answers/{answer}/feedback", helpful="yes", reason="wrong")
    opinion_now = place.conversations.opinion(kept.person, answer)
    assert opinion_now is not None and (opinion_now.helpful, opinion_now.reason) == (True, None)


def test_a_person_is_asked_and_their_reply_comes_back_to_the_answer(place: Place, reader: Reader) -> None:
    conversation, answer = reader.ask(QUESTION)
    reader.post(f"/answers/{answer}/person", note="Who led them?")
    assert "Your question is with the experts." in words(reader.read(f"/conversations/{conversation}"))
    (escalation,) = [one for one in place.conversations.escalations() if one.answer_id == answer]
    assert escalation.note == "Who led them?"
    place.conversations.reply(escalation.id, "expert", "Ask <b>the ministry</b>.")
    page = reader.read(f"/conversations/{conversation}")
    assert words(page.css_first(".reply-text")) == "Ask <b>the ministry</b>."
    assert "was not checked against the documents" in words(page.css_first(".reply"))
    assert page.css("form[action$='/person']") == []


# --- sharing ----------------------------------------------------------------------------------------------------------


def test_a_shared_answer_is_read_by_others_who_are_not_told_whose_it_is(place: Place, reader: Reader) -> None:
    conversation, answer = reader.ask(QUESTION)
    address = link_of(reader, answer)
    other = Reader(place.address)
    page = other.read(address)
    assert words(page.css_first("article h2")) == QUESTION
    own = reader.read(f"/conversations/{conversation}")
    assert words(page.css_first(".answer")) == words(own.css_first(".answer"))
    assert page.html is not None and conversation not in page.html and answer not in page.html
    assert page.css("form[action*='/answers/'], form#composer") == []
    exports = [address_of(link) for link in page.css(".tools details a")]
    assert exports == [f"{address}/briefing.docx", f"{address}/briefing.pdf"]
    assert [other.get(export).content[:4] for export in exports] == [b"PK\x03\x04", b"%PDF"]
    assert reader.post(f"/answers/{answer}/unshare").status_code == 303
    for path in ("", "/briefing.docx", "/briefing.pdf"):
        revoked, unknown = other.get(address + path), other.get(f"/shared/shr_{'y' * 43}{path}")
        assert revoked.status_code == unknown.status_code == 404
        assert revoked.content == unknown.content


def test_a_new_link_takes_the_place_of_the_old_one(reader: Reader) -> None:
    _, answer = reader.ask(SMALL_QUESTION)
    old, new = link_of(reader, answer), link_of(reader, answer)
    assert old != new
    assert [Reader(reader.site).get(address).status_code for address in (old, new)] == [404, 200]


def test_a_link_opens_to_nobody_what_they_may_not_read(place: Place) -> None:
    asker = staff(place)
    _, answer = asker.ask(STAFF_QUESTION)
    address = link_of(asker, answer)
    assert STAFF_NAME in words(staff(place, "Bea").read(address))
    delegate = staff(place, "Sita", "partner:nepal")
    for other in (Reader(place.address), delegate):
        hidden, unknown = other.get(address), other.get("/shared/shr_" + "y" * 43)
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.content == unknown.content


@pytest.mark.parametrize("language", ["sr", "ur", "bn"])
def test_the_pages_speak_the_readers_language_and_the_answer_its_own(reader: Reader, language: str) -> None:
    conversation, _ = reader.ask(QUESTION)
    page = reader.read(f"/conversations/{conversation}?lang={language}")
    heading, answer = page.css_first("article h2"), page.css_first(".answer")
    assert heading is not None and heading.attributes["lang"] == "en"
    assert answer is not None and answer.attributes["lang"] == ""
    for part in (".tools", ".after h3", "form#composer label", "main > h1"):
        shown = words(page.css_first(part)).replace("Word (DOCX)", "").replace("PDF", "").replace(QUESTION, "")
        assert not any(letter.isascii() and letter.isalpha() for letter in shown), shown
