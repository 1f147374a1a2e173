"""Who may ask: let in by a link, put out again, and forgotten."""

import re

from selectolax.lexbor import LexborHTMLParser

from tests.integrations.web.admin.offices import Office, Person, button, only, told, words


def link_in(text: str) -> str:
    (found,) = set(re.findall(r"https?://[^\s<]+/invitation/(inv_[A-Za-z0-9_-]+)", text))
    return str(found)


def test_a_delegation_and_its_people_from_invitation_to_the_end(office: Office, operator: Person) -> None:
    page = operator.page("/admin/people")
    assert "Invite its people" in told(
        operator, operator.press(button(page, "Add the delegation"), slug="nepal", name="Delegation of <b>Nepal</b>")
    )
    page = operator.page("/admin/people")
    assert "Delegation of <b>Nepal</b>" in words(page) and page.css_first("main b") is None
    made = operator.press(button(page, "Make a link"), name="Sita Gurung", audience="partner:nepal", days="7")
    assert made.headers["cache-control"] == "no-store"
    secret = link_in(made.text)
    for path in ("/admin/people", "/admin/audit"):
        assert secret not in operator.get(path).text, "it is shown once"

    accepted = office.accounts.accept(secret)
    assert accepted is not None
    member = office.signed_in(accepted[0])
    assert member.get("/api/v1/me").json()["audience"] == "partner:nepal"
    mine = f"id={accepted[0].id}"

    def press(label: str, **fields: str) -> str:
        page = operator.page("/admin/people")
        rows = [row for row in page.css("tr") if "Sita Gurung" in row.text()]
        (found,) = [one for one in rows[0].css("button") if words(one).startswith(label)]
        return told(operator, operator.press(found, **fields))

    assert "Signed out" in press("Sign out everywhere"), mine
    assert member.get("/api/v1/me").status_code == 401
    member = office.signed_in(accepted[0])
    assert "disabled" in press("Disable")
    assert member.get("/api/v1/me").status_code == 401
    press("Enable")
    again = office.signed_in(accepted[0])
    assert "closed" in told(operator, operator.send("/admin/people/delegations/close", slug="nepal"))
    assert again.get("/api/v1/me").status_code == 401
    operator.send("/admin/people/delegations/reopen", slug="nepal")
    assert again.get("/api/v1/me").status_code == 200

    asked = again.asks("How many passengers does the ferry in Ulcinj take?")
    assert "Nothing was erased" in press("Erase their questions"), "not without the box ticked"
    assert len(again.turns(asked["conversation"])) == 1
    press("Erase their questions", sure="yes")
    assert again.get("/api/v1/conversations").json() == []
    press("Erase the account", sure="yes")
    assert again.get("/api/v1/me").status_code == 401
    assert "Sita Gurung" not in operator.get("/admin/people").text


def test_a_new_link_and_a_withdrawn_one(office: Office, operator: Person) -> None:
    account = office.account("Arben Hoxha", "staff")
    first = link_in(operator.send("/admin/people/link", id=account.id).text)
    second = link_in(operator.send("/admin/people/link", id=account.id).text)
    assert office.accounts.peek(first) is None, "the new one takes its place"
    page = operator.page("/admin/people")
    row = next(row for row in page.css("tr") if "Arben Hoxha" in row.text() and "Withdraw" in row.text())
    assert "good for nothing" in told(operator, operator.press(row.css("button")[0]))
    assert office.accounts.peek(second) is None


def test_what_cannot_be_is_told_and_what_was_written_is_not_lost(office: Office, operator: Person) -> None:
    page = operator.page("/admin/people")
    refused = operator.press(button(page, "Make a link"), name="Vesna", audience="public", operator="yes")
    assert "Only staff can be operators" in told(operator, refused)
    assert only(LexborHTMLParser(refused.text), "input[name=name]").attributes["value"] == "Vesna"
    assert operator.account is not None
    for path in ("disable", "remove"):
        assert "your own account" in told(
            operator, operator.send(f"/admin/people/{path}", id=operator.account.id, sure="yes")
        )
    assert operator.get("/admin").status_code == 200


def test_a_visitor_who_asks_for_it_is_forgotten_and_their_name_with_them(
    office: Office, operator: Person, visitor: Person
) -> None:
    visitor.asks("Where is the nearest pharmacy in Rožaje?")
    erased = operator.send("/admin/people/erase", person=visitor.person, sure="yes")
    assert "is erased" in told(operator, erased)
    assert visitor.get("/api/v1/conversations").json() == []
    assert visitor.person not in operator.get("/admin/audit").text
    assert "Nothing is kept" in told(operator, operator.send("/admin/people/erase", person=visitor.person, sure="yes"))


def test_a_key_is_shown_once_works_and_is_revoked(office: Office, operator: Person) -> None:
    page = operator.page("/admin/keys")
    fields = {"name": "Newsletter", "audience": "public", "days": "30", "scope-ask": "yes"}
    made = operator.press(button(page, "Make a key"), **fields)
    (secret,) = set(re.findall(r"key_[A-Za-z0-9_-]{40,}", made.text))
    assert secret not in operator.get("/admin/keys").text
    program = office.program(secret)
    assert program.post("/api/v1/ask", json={"question": "Is the border post at Tabanovce open all night?"}).is_success
    page = operator.page("/admin/keys")
    row = next(row for row in page.css("tr") if "Newsletter" in row.text())
    assert "public · ask" in words(row) and "Mira Petrović" in words(row)
    assert "good for nothing" in told(operator, operator.press(row.css("button")[0]))
    assert program.get("/api/v1/me").status_code == 401
    assert "Revoke" not in words(next(r for r in operator.page("/admin/keys").css("tr") if "Newsletter" in r.text()))
