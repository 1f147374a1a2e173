"""What readers say of answers, and how it becomes a case."""

from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from evals.cases import load_case_file
from evals.from_feedback import complaints
from tests.integrations.conftest import SMALL_QUESTION
from tests.integrations.web.admin.offices import Office, Person, button, told, words

COMMENT = "It says nothing of Sundays.\n- and: what of <script>alert(1)</script>?"


def rated(person: Person, answer_id: str, *, helpful: bool = False, **more: str) -> None:
    response = person.request("PUT", f"/api/v1/answers/{answer_id}/feedback", json={"helpful": helpful, **more})
    assert response.status_code == 200, response.text


def item_with(page: LexborHTMLParser, text: str) -> LexborNode | None:
    return next((item for item in page.css("ol.cards > li") if text in item.text()), None)


def test_an_answer_that_helped_nobody_becomes_a_case(
    office: Office, operator: Person, visitor: Person, tmp_path: Path
) -> None:
    before = visitor.asks(SMALL_QUESTION)
    asked = visitor.asks("And is it open on holidays?", before["conversation"])
    rated(visitor, asked["answer_id"], reason="missing", comment=COMMENT)

    hidden = operator.page("/admin/feedback")
    item = item_with(hidden, asked["answer_id"])
    assert item is not None and "something is missing" in words(item)
    assert "Sundays" not in hidden.text() and "holidays" not in hidden.text()
    assert "have the questions shown first" in told(
        operator, operator.send("/admin/feedback/draft", ids=asked["answer_id"])
    )

    operator.press(button(hidden, "Show questions"))
    item = item_with(operator.page("/admin/feedback"), asked["answer_id"])
    assert item is not None
    assert "It says nothing of Sundays." in words(item) and "And is it open on holidays?" in words(item)
    assert item.css_first("script") is None
    assert f"migdesk eval case add --from-feedback={asked['answer_id']}" in words(item.css_first("code"))

    response = operator.press(next(one for one in item.css("button") if "Download" in one.text()))
    assert response.headers["content-disposition"].startswith("attachment; filename=")
    assert response.headers["x-content-type-options"] == "nosniff"
    path = tmp_path / "drafts.yaml"
    path.write_bytes(response.content)
    ((_, case),) = load_case_file(path).cases
    # What the command makes of the same answer.
    (complaint,) = complaints(office.conversations, asked["answer_id"])
    assert (case.question, case.language, case.reader) == (complaint.question, complaint.language, complaint.audience)
    assert case.history == complaint.history and case.history[0].text == SMALL_QUESTION
    assert case.draft
    assert "# It says nothing of Sundays." in response.text
    assert "feedback.draft" in {entry.action for entry in office.accounts.audited()}


def test_what_is_handled_leaves_the_queue_and_comes_back_when_somebody_says_it_again(
    operator: Person, visitor: Person
) -> None:
    asked = visitor.asks("Is the border post at Tabanovce closed at night?")
    rated(visitor, asked["answer_id"], reason="wrong")
    item = item_with(operator.page("/admin/feedback"), asked["answer_id"])
    assert item is not None
    handled = next(one for one in item.css("button") if words(one) == "Handled")
    assert "handled" in told(operator, operator.press(handled))
    assert item_with(operator.page("/admin/feedback"), asked["answer_id"]) is None
    assert "wrong" in words(operator.page("/admin/feedback?queue=handled").css_first("ol.cards"))

    rated(visitor, asked["answer_id"], reason="outdated")
    item = item_with(operator.page("/admin/feedback"), asked["answer_id"])
    assert item is not None and "out of date" in words(item)
