"""A question from a form: the answer in full, and its conversation, without a script."""

from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from assistant.conversations.errors import DatabaseFull
from tests.integrations.conftest import QUESTION, SMALL_QUESTION, UNANSWERABLE, DeskOn
from tests.integrations.web.answers.conftest import Place, Reader, opened
from tests.integrations.web.reading import address_of, words

FORM = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}


def test_a_new_visitor_gets_the_answer_at_once_and_finds_it_again(place: Place) -> None:
    answered = httpx.post(
        f"{place.address}/ask", data={"question": QUESTION}, headers={**FORM, "Origin": place.address}, timeout=60
    )
    assert answered.status_code == 200
    page = LexborHTMLParser(answered.text)
    assert words(page.css_first("article h2")) == QUESTION
    assert "delegations from Bangladesh, Nepal and Pakistan" in words(page.css_first(".answer"))
    assert words(page.css_first("article section h3")) == "Sources"
    follow_up = page.css_first("form#composer input[name=conversation]")
    assert follow_up is not None
    token = answered.headers["set-cookie"].removeprefix("__Host-visitor=").partition(";")[0]
    again = Reader(place.address, token).read(f"/conversations/{follow_up.attributes['value']}")
    assert words(again.css_first(".answer")) == words(page.css_first(".answer"))
    # A page in another language is the conversation's, since the form's own address leads nowhere.
    link = page.css_first("details.languages li a")
    assert address_of(link) == f"/conversations/{follow_up.attributes['value']}?lang=en"


def test_every_number_in_an_answer_leads_to_the_words_it_stands_for(reader: Reader) -> None:
    conversation, _ = reader.ask(QUESTION)
    page = reader.read(f"/conversations/{conversation}")
    sentences = page.css(".answer.quotes .sentence")
    assert len(sentences) > 1
    for sentence in sentences:
        for link in sentence.css("a.citation"):
            opened_at = reader.read(address_of(link).partition("#")[0])
            marked = " ".join(words(mark) for mark in opened_at.css("mark"))
            numbers = [words(number) for number in sentence.css("a.citation")]
            assert words(sentence) == f"{marked}{''.join(numbers)}"
            assert link.attributes["aria-label"]


def test_a_follow_up_builds_on_what_was_asked_before(reader: Reader) -> None:
    conversation, first = reader.ask(QUESTION)
    same, second = reader.ask("And in Belgrade?", conversation=conversation)
    assert same == conversation and second != first
    page = reader.read(f"/conversations/{conversation}")
    assert [words(heading) for heading in page.css("article h2")] == [QUESTION, "And in Belgrade?"]
    assert [article.attributes["id"] for article in page.css("article")] == [f"answer-{first}", f"answer-{second}"]
    assert "Belgrade" in words(page.css("article .answer")[1])


def test_what_is_near_can_be_asked_by_a_button(reader: Reader) -> None:
    conversation, _ = reader.ask("What does Denmark pay for the RGRS hotline in 2031?")
    page = reader.read(f"/conversations/{conversation}")
    buttons = page.css("section.nearby form button, section.next form button")
    assert buttons
    _, answer = reader.ask(buttons[0].attributes["value"] or "", conversation=conversation)
    asked = reader.read(f"/conversations/{conversation}").css_first(f"#answer-{answer} h2")
    assert words(asked) == buttons[0].attributes["value"]


def test_what_the_documents_do_not_hold_is_said_so_without_a_number(reader: Reader) -> None:
    conversation, _ = reader.ask(UNANSWERABLE)
    page = reader.read(f"/conversations/{conversation}")
    assert words(page.css_first(".outcome")) == "Not in the documents"
    assert "2025" in words(page.css_first(".answer.message"))
    assert page.css("a.citation") == []


def test_a_form_that_holds_no_question_leads_back_to_the_box(reader: Reader) -> None:
    assert reader.post("/ask", question="  \n ").headers["location"] == "/"
    conversation, _ = reader.ask(SMALL_QUESTION)
    assert reader.get("/ask").headers["location"] == "/"
    back = reader.post("/ask", question="", conversation=conversation)
    assert back.headers["location"] == f"/conversations/{conversation}"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        ('{"question": "What?"}', "application/json", 415),
        ("question=%ff%fe", "application/x-www-form-urlencoded", 422),
        ("&".join(f"a{number}=1" for number in range(99)), "application/x-www-form-urlencoded", 422),
        ("question=" + "x" * 5000, "application/x-www-form-urlencoded", 400),
        ("question=" + "x" * 300_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_what_is_no_form_of_ours_is_refused_in_words(reader: Reader, content: str, kind: str, status: int) -> None:
    headers = {"Cookie": f"__Host-visitor={reader.token}", "Origin": reader.site, "Content-Type": kind}
    refused = httpx.post(f"{reader.site}/ask", content=content, headers={**headers, "Accept": "text/html"})
    assert refused.status_code == status
    page = LexborHTMLParser(refused.text)
    assert words(page.css_first("main h1"))
    assert "xxxxx" not in refused.text and "Traceback" not in refused.text


def test_another_site_cannot_ask_in_a_readers_name(reader: Reader) -> None:
    headers = {"Cookie": f"__Host-visitor={reader.token}", "Origin": "https://evil.example", **FORM}
    assert httpx.post(f"{reader.site}/ask", data={"question": QUESTION}, headers=headers).status_code == 403
    assert words(reader.read("/history").css_first(".empty")) == "You have not asked anything yet."


def test_markup_in_a_question_stays_text(reader: Reader) -> None:
    nasty = "</textarea></script><script>window.hit = 1</script><b>What is the RGRS?</b>"
    conversation, _ = reader.ask(nasty)
    for path in (f"/conversations/{conversation}", "/history", f"/conversations/{conversation}/erase"):
        page = reader.read(path)
        assert {script.attributes.get("type") for script in page.css("script")} <= {"module", "application/json"}
        assert page.css("main b") == []
        assert "<b>What is the RGRS?</b>" in words(page.css_first("main"))


def test_an_answer_that_could_not_be_kept_is_shown_all_the_same(
    small_base: Path, desk_on: DeskOn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> str:
        raise DatabaseFull("no room")

    with opened(desk_on(small_base), tmp_path) as place:
        monkeypatch.setattr(place.conversations, "keep", full)
        response = Reader(place.address).post("/ask", question=SMALL_QUESTION)
    assert response.status_code == 200
    page = LexborHTMLParser(response.text)
    assert "open all night" in words(page.css_first(".answer"))
    assert "could not be kept" in words(page.css_first("main > .notice"))
    assert page.css(".tools, form#composer input[name=conversation]") == []
