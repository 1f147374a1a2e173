"""The loop from a question that nobody could answer to its asker, who finds the answer in their conversation."""

from functools import partial

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.integrations.servers import wait_until
from tests.integrations.web.admin.offices import Office, Person, button, only, told, words

ENGLISH = "How many beds does the reception centre in Kumanica have?"
SERBIAN = "Koliko kreveta ima prihvatni centar u Kumanici?"
MACEDONIAN = "Колку кревети има прифатниот центар во Куманица?"
UNRELATED = "What does a fishing licence cost in Podgorica?"
CENTRE = "The reception centre in Kumanica\n\nThe reception centre in Kumanica has 240 beds. It was opened in 2021.\n"


def gap_with(page: LexborHTMLParser, question: str) -> LexborNode:
    found = [item for item in page.css("ol.gaps > li") if question in item.text()]
    assert len(found) == 1, [item.text() for item in page.css("ol.gaps > li")]
    return found[0]


def has_turns(person: Person, conversation: str, count: int) -> bool:
    return len(person.turns(conversation)) == count


def uploaded(operator: Person, name: str, text: str, **fields: str) -> httpx.Response:
    files = {"file": (name, text.encode(), "text/plain")}
    return operator.post("/admin/documents/upload", data=fields, files=files)


def test_from_a_gap_to_a_document_to_its_askers(office: Office, operator: Person, visitor: Person) -> None:
    other = office.visitor()
    first, second = visitor.asks(ENGLISH), other.asks(SERBIAN)
    third = other.asks(MACEDONIAN)
    apart = other.asks(UNRELATED)
    assert {one["outcome"] for one in (first, second, third, apart)} == {"NOT_COVERED"}

    hidden = operator.page("/admin/gaps")
    assert not any(question in hidden.text() for question in (ENGLISH, SERBIAN, MACEDONIAN, UNRELATED))
    assert "3 questions in" in words(hidden.css_first("ol.gaps"))
    operator.press(button(hidden, "Show questions"))

    gap = gap_with(operator.page("/admin/gaps"), ENGLISH)
    assert SERBIAN in gap.text() and MACEDONIAN in gap.text() and UNRELATED not in gap.text()
    upload = operator.page(str(only(gap, "a.button").attributes["href"]))
    remembered = only(upload, "input[name=gap]").attributes["value"] or ""

    figure = words(operator.page("/admin").css_first(".figures li"))
    response = uploaded(
        operator, "centre.txt", CENTRE, audience="public", gap=remembered, publisher="Commissariat for Refugees"
    )
    assert "Added" in told(operator, response)
    for person, asked in ((visitor, first), (other, second), (other, third)):
        conversation, answer_id = asked["conversation"], asked["answer_id"]
        wait_until(partial(has_turns, person, conversation, 2), "the asker to be told", timeout=30)
        turn = person.turns(conversation)[-1]
        assert turn["answers_again"] == answer_id
        assert "240 beds" in turn["answer"]["text"]
        assert turn["answer"]["sources"][0]["publisher"] == "Commissariat for Refugees"
    assert len(other.turns(apart["conversation"])) == 1

    assert words(operator.page("/admin").css_first(".figures li")) == figure, "what the desk asks is no usage"
    after = operator.page("/admin/gaps")
    assert ENGLISH not in words(after.css_first("ol.gaps"))
    answered = words(after.css_first("#answered"))
    assert ENGLISH in answered and "240 beds" in answered
    assert visitor.person not in operator.get("/admin/audit").text


def test_nobody_is_told_what_they_may_not_see_and_is_told_once_they_may(office: Office, operator: Person) -> None:
    office.accounts.add_delegation("nepal", "Delegation of Nepal", "terminal")
    office.accounts.add_delegation("bangladesh", "Delegation of Bangladesh", "terminal")
    member, rival, visitor = office.member("partner:nepal"), office.member("partner:bangladesh"), office.visitor()
    question = "Who leads the Zelengora return project?"
    asked = {person.person: person.asks(question) for person in (member, rival, visitor)}
    operator.press(button(operator.page("/admin/gaps"), "Show questions"))
    gap = gap_with(operator.page("/admin/gaps"), question)
    assert "partner:bangladesh, partner:nepal, public" in words(gap)
    notify = next(one for one in gap.css("button") if "Notify" in one.text())
    assert "tells who asked" in told(operator, operator.press(notify))

    text = "The Zelengora return project\n\nThe Zelengora return project is led by Danica Uskoković.\n"
    response = uploaded(operator, "zelengora.txt", text, audience="partner:nepal")
    document = str(only(LexborHTMLParser(response.text), "main a[href*='/admin/document?']").attributes["href"])

    def count(person: Person) -> int:
        return len(person.turns(asked[person.person]["conversation"]))

    wait_until(lambda: count(member) == 2, "the delegation to be told", timeout=30)
    wait_until(office.is_settled, "everybody to be asked again", timeout=30)
    assert (count(rival), count(visitor)) == (1, 1)

    operator.press(button(operator.page(document), "Set the audience"), audience="partner")
    wait_until(lambda: count(rival) == 2, "the other delegation to be told", timeout=30)
    wait_until(office.is_settled, "everybody to be asked again", timeout=30)
    assert count(visitor) == 1
    assert "Danica" in rival.turns(asked[rival.person]["conversation"])[1]["answer"]["text"]


def test_neither_who_is_put_out_nor_who_had_it_erased_is_told(
    office: Office, operator: Person, visitor: Person
) -> None:
    member = office.member("staff", "Ana Krasniqi")
    answer, erased = member.asks("When does the Rugova shelter open?"), visitor.asks("How deep is the Drim at Debar?")
    assert member.account is not None
    assert office.operators.watches.watch([answer["answer_id"], erased["answer_id"]]) == 2
    office.accounts.disable(member.account.id, operator.person)
    assert visitor.request("DELETE", "/api/v1/me/questions").json()["erased"] >= 1
    text = "The Rugova shelter\n\nThe Rugova shelter opens on 3 May 2027.\n"
    uploaded(operator, "rugova.txt", text, audience="staff")
    wait_until(office.is_settled, "it to be looked at", timeout=30)
    assert len(office.conversations.turns(member.person, answer["conversation"])) == 1

    office.accounts.enable(member.account.id, operator.person)
    uploaded(operator, "drim.txt", "The Drim\n\nThe Drim at Debar is 4 metres deep.\n", audience="public")
    back = office.signed_in(member.account)
    wait_until(lambda: len(back.turns(answer["conversation"])) == 2, "the member to be told", timeout=30)
    assert visitor.get("/api/v1/conversations").json() == []
    assert erased["answer_id"] not in {one.answer_id for one in office.operators.watches.watched()}


def test_what_is_set_aside_is_gone_and_what_is_not_watched_can_be_let_go(
    office: Office, operator: Person, visitor: Person
) -> None:
    answer = visitor.asks("Which team won the football match in Bitola?")
    assert answer["outcome"] == "NOT_COVERED"
    operator.press(button(operator.page("/admin/gaps"), "Show questions"))
    gap = gap_with(operator.page("/admin/gaps"), "football match")
    operator.press(next(one for one in gap.css("button") if "Notify" in one.text()))
    watched = gap_with(operator.page("/admin/gaps"), "football match")
    assert "watched 1 of 1" in words(watched)
    operator.press(next(one for one in watched.css("button") if "Do not ask" in one.text()))
    assert office.operators.watches.is_watched([answer["answer_id"]]) == frozenset()
    operator.press(next(one for one in watched.css("button") if "Set aside" in one.text()))
    assert "football match" not in operator.get("/admin/gaps").text


def test_questions_are_shown_to_the_session_that_asked_for_it_and_that_is_noted(
    office: Office, operator: Person, visitor: Person
) -> None:
    visitor.asks("Who paints the lighthouse at Velipoja?")
    assert operator.account is not None
    elsewhere = office.signed_in(operator.account)
    colleague = office.operator()
    operator.press(button(operator.page("/admin/gaps"), "Show questions"))
    assert "lighthouse" in operator.get("/admin/gaps").text
    for other in (elsewhere, colleague):
        assert "lighthouse" not in other.get("/admin/gaps").text
        assert "lighthouse" not in other.get("/admin").text
    operator.press(button(operator.page("/admin/gaps"), "Hide questions"))
    assert "lighthouse" not in operator.get("/admin/gaps").text
    noted = [entry.action for entry in office.accounts.audited() if entry.by == operator.person]
    assert noted[:2] == ["texts.hidden", "texts.shown"]
