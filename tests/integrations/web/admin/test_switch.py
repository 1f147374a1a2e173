"""The switch: closed for everybody at once, with the reason, and open again."""

from tests.integrations.web.admin.offices import Office, Person, button, told, words

REASON = "Figures of <Tuesday> are being corrected. Please come back at noon."


def test_closing_and_opening(office: Office, operator: Person, visitor: Person) -> None:
    question = {"question": "Is the border post at Tabanovce open all night?"}
    page = operator.page("/admin/switch")
    assert "Give a reason" in told(operator, operator.press(button(page, "Close the desk"), reason=" ? "))
    assert visitor.post("/api/v1/ask", json=question).status_code == 200

    assert "The desk is closed" in told(operator, operator.press(button(page, "Close the desk"), reason=REASON))
    for path in ("/api/v1/ask", "/api/v1/chat"):
        refused = visitor.post(path, json=question)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "closed")
        assert refused.json()["error"]["message"] == REASON
    assert REASON in words(visitor.page("/"))
    assert REASON in words(operator.page("/admin"))

    page = operator.page("/admin/switch")
    operator.press(button(page, "Change the reason"), reason="Back at one.")
    assert "Back at one." in words(visitor.page("/"))
    assert "answers again" in told(operator, operator.press(button(page, "Open the desk")))
    assert visitor.post("/api/v1/ask", json=question).status_code == 200
    noted = [entry.action for entry in office.accounts.audited() if entry.by == operator.person][:3]
    assert noted == ["desk.opened", "desk.closed", "desk.closed"]


def test_nothing_is_asked_again_while_the_desk_is_closed(office: Office, operator: Person, visitor: Person) -> None:
    asked = visitor.asks("Which bus goes to Gjirokastra at noon?")
    operator.send("/admin/switch/close", reason="A pause.")
    try:
        operator.send("/admin/gaps/watch", ids=asked["answer_id"])
        assert not office.is_settled()
    finally:
        operator.send("/admin/switch/open")
