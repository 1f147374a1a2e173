"""Questions that were handed on to a person."""

from assistant.conversations.types import Asked
from tests.integrations.conftest import SMALL_QUESTION
from tests.integrations.web.admin.offices import Office, Person, button, told, words

REPLY = "Please call the border police in Kumanovo.\nSource: their notice of 3 May."


def handed_on(person: Person, note: str = "We travel on Friday.") -> str:
    asked = person.asks(SMALL_QUESTION)
    response = person.post(f"/api/v1/answers/{asked['answer_id']}/escalation", json={"note": note})
    assert response.status_code == 200, response.text
    return str(asked["answer_id"])


def test_a_reply_stands_in_the_conversation_of_who_asked(office: Office, operator: Person) -> None:
    member = office.member("staff", "Ana Krasniqi")
    answer_id = handed_on(member)
    page = operator.page("/admin/escalations")
    waiting = words(page.css_first("ol.cards"))
    assert all(
        part in waiting for part in (SMALL_QUESTION, "We travel on Friday.", "Ana Krasniqi", "nobody has it yet")
    )

    _, secret = office.accounts.make_key("Figures", "staff", ["admin"], "terminal")
    for part in (SMALL_QUESTION, "We travel on Friday."):
        assert part not in office.program(secret).get("/admin/escalations").text, "it was handed to a person"

    assert "yours to answer" in told(operator, operator.press(button(page, "I will answer this")))
    colleague = office.operator()
    page = colleague.page("/admin/escalations")
    assert "taken up by Mira Petrović" in words(page.css_first("ol.cards"))
    assert not page.css("textarea"), "one who does not have it has nothing to answer in"

    page = operator.page("/admin/escalations")
    assert "stands in the asker's conversation" in told(
        operator, operator.press(button(page, "Send the answer"), reply=REPLY)
    )
    found = member.get(f"/api/v1/answers/{answer_id}/escalation").json()
    assert (found["state"], found["reply"]) == ("relayed", REPLY)
    assert {entry.action for entry in office.accounts.audited()} >= {"escalation.claimed", "escalation.answered"}
    assert "Nobody is waiting." in words(operator.page("/admin/escalations"))


def test_an_answer_without_words_is_not_sent_and_one_that_comes_too_late_is_not_lost(
    office: Office, operator: Person, visitor: Person
) -> None:
    handed_on(visitor, "")
    colleague = office.operator()
    page, other = operator.page("/admin/escalations"), colleague.page("/admin/escalations")
    send = button(page, "Send the answer")
    assert "Write an answer" in told(operator, operator.press(send, reply=" … "))
    operator.press(send, reply=REPLY)
    late = colleague.press(button(other, "Send the answer"), reply="Too late, but well written.")
    assert "Somebody else has it" in told(colleague, late)


def test_what_came_from_slack_is_answered_there(office: Office, operator: Person, visitor: Person) -> None:
    kept = office.conversations.kept(visitor.asks(SMALL_QUESTION)["answer_id"])
    assert kept is not None and kept.answer is not None
    asked = Asked("slack:T1:C1:1", "slack", "slack:T1:U1", "public", "en", SMALL_QUESTION, kept.answer)
    escalation = office.conversations.escalate(office.conversations.keep(asked), "slack:T1:U1", "From Slack.")
    page = operator.page("/admin/escalations")
    item = next(one for one in page.css("ol.cards > li") if "From Slack." in one.text())
    assert "experts' channel" in words(item) and not item.css("form")
    for path in ("claim", "reply"):
        response = operator.send(f"/admin/escalations/{path}", id=escalation.id, reply=REPLY)
        assert "Somebody else has it" in told(operator, response)
    found = office.conversations.escalation(escalation.id)
    assert found is not None and found.state == "open"
