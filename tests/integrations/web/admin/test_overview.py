"""How the desk is used, in figures that name nobody; and the audit."""

from sqlalchemy import text

from tests.integrations.conftest import SMALL_QUESTION
from tests.integrations.web.admin.offices import Office, Person, words


def test_figures_by_day_language_and_outcome(office: Office, operator: Person) -> None:
    first, second = office.visitor(), office.member("staff")
    assert words(operator.page("/admin").css_first(".figures li")) == "0 Questions"
    answered = first.asks(SMALL_QUESTION)
    first.request("PUT", f"/api/v1/answers/{answered['answer_id']}/feedback", json={"helpful": True})
    for question in ("Who won the chess match in Struga?", "Kada polazi autobus za Ohrid?"):
        assert second.asks(question)["outcome"] == "NOT_COVERED"

    page = operator.page("/admin")
    figures = [words(item) for item in page.css(".figures li")]
    assert figures[0] == "3 Questions"
    assert figures[1] == "33 % Answered 1 of 3"
    assert figures[2] == "100 % Found helpful 1 of 1 opinion, ever"
    told = words(page)
    for line in ("Not covered by the documents 2 67 %", "English 2 67 %", "public 1 33 %", "staff 2 67 %"):
        assert line in told, line
    assert not any(
        part in operator.get("/admin").text for part in ("Tabanovce", "Struga", "Ohrid", first.person, second.person)
    )
    assert page.css("svg rect.part") and not page.css("[style]"), "the policy forbids styles in elements"
    assert words(operator.page("/admin?days=7").css_first("nav[aria-label=Period] [aria-current]")) == "7 days"


def test_the_audit_says_who_did_what_and_notices_a_change(office: Office, operator: Person) -> None:
    operator.send("/admin/people/delegations", slug="ghana", name="Delegation of Ghana")
    page = operator.page("/admin/audit")
    assert "The record is whole" in words(page)
    newest = words(page.css("tbody tr")[0])
    assert "Mira Petrović" in newest and "delegation.added" in newest and "ghana" in newest
    with office.conversations.engine.begin() as connection:
        connection.execute(text("UPDATE accounts_audit SET about = 'kosovo' WHERE about = 'ghana'"))
    assert "The record was changed" in words(operator.page("/admin/audit"))
