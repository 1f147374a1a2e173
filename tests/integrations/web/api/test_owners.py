"""What is kept of a reader is theirs: to everybody else it looks like what was erased and like what never was, whatever
is done to it, and nobody's reading changes anything."""

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import event, text

from tests.integrations.conftest import DeskOn
from tests.integrations.servers import unhurried
from tests.integrations.web.api.conftest import Kept, Person, kept_house, told
from tests.integrations.web.test_route_policies import routes

BODIES: dict[str, Any] = {
    "PUT /answers/{answer_id}/feedback": {"helpful": True},
    "POST /answers/{answer_id}/escalation": {"note": "Please."},
    "POST /answers/{answer_id}/share": None,
    "POST /answers/{answer_id}/translation": {"passage_id": "p", "start": 0, "language": "sr"},
}


def owned_addresses(kept: Kept) -> list[tuple[str, str]]:
    """Every method and address of the API that names something of a reader's, from the application itself."""
    own = [door for door, _ in routes(kept.application) if re.search(r"/api/v1/.*\{(answer|conversation)_id\}", door)]
    found = sorted((door.split(" ")[0], door.split(" ")[1].removeprefix("/api/v1")) for door in own)
    assert len(found) == 11
    return found


def called(person: Person, method: str, path: str, answer: str, conversation: str) -> httpx.Response:
    filled = path.replace("{answer_id}", answer).replace("{conversation_id}", conversation)
    return person(method, filled, json=BODIES.get(f"{method} {path}"))


def test_what_is_somebody_elses_looks_like_what_was_erased_and_what_never_was(kept: Kept) -> None:
    ana, ben = kept.visitor(), kept.visitor()
    hers, gone = ana.ask(), ben.ask()
    ana("PUT", f"/answers/{hers['answer_id']}/feedback", json={"helpful": True})
    ana("POST", f"/answers/{hers['answer_id']}/escalation", json={})
    ana("POST", f"/answers/{hers['answer_id']}/share")
    assert ben("DELETE", f"/conversations/{gone['conversation']}").status_code == 204
    before = ana("GET", f"/conversations/{hers['conversation']}").json()

    for method, path in owned_addresses(kept):
        never = told(called(ben, method, path, "n" * 22, "n" * 22))
        assert never[0] == 404, (method, path)
        foreign = told(called(ben, method, path, hers["answer_id"], hers["conversation"]))
        erased = told(called(ben, method, path, gone["answer_id"], gone["conversation"]))
        odd = told(called(ben, method, path, "%00", "%ED%A0%80"))
        assert foreign == erased == never == odd, (method, path)

    for where in ("ask", "chat"):
        tried = [
            told(ben("POST", f"/{where}", json={"question": "And then?", "conversation": conversation}))
            for conversation in (hers["conversation"], gone["conversation"], "n" * 22)
        ]
        assert tried[0][0] == 404 and tried[0] == tried[1] == tried[2]
    assert ana("GET", f"/conversations/{hers['conversation']}").json() == before
    assert before["turns"][0]["shared"] is True and before["turns"][0]["feedback"] is not None


def test_the_owner_comes_in_by_every_one_of_these_addresses(kept: Kept) -> None:
    for method, path in owned_addresses(kept):
        ana = kept.visitor()
        hers = ana.ask()
        ana("POST", f"/answers/{hers['answer_id']}/escalation", json={})
        citation = hers["sentences"][0]["citations"][0]
        body = BODIES.get(f"{method} {path}")
        if path.endswith("translation"):
            body = {"passage_id": citation["passage_id"], "start": citation["start"], "language": "sr"}
        filled = path.replace("{answer_id}", hers["answer_id"]).replace("{conversation_id}", hers["conversation"])
        response = ana(method, filled, json=body)
        # Without a model nothing is translated.
        assert response.status_code == (
            409 if path.endswith("translation") else response.is_success and response.status_code
        )


def test_the_same_is_asked_of_the_database_for_what_is_foreign_and_what_never_was(kept: Kept) -> None:
    """So that the time it takes tells nothing either."""
    ana, ben = kept.visitor(), kept.visitor()
    hers = ana.ask()
    statements: list[str] = []

    def noted(_: Any, __: Any, statement: str, *___: Any) -> None:
        if re.search(r"FROM (answers|feedback|escalations|accounts_shares)\b", statement):
            statements.append(statement)

    event.listen(kept.conversations.engine, "before_cursor_execute", noted)
    try:
        for method, path in owned_addresses(kept):
            seen = []
            for answer, conversation in (("n" * 22, "n" * 22), (hers["answer_id"], hers["conversation"])):
                statements.clear()
                called(ben, method, path, answer, conversation)
                seen.append(list(statements))
            assert seen[0] == seen[1] and seen[0], (method, path)
    finally:
        event.remove(kept.conversations.engine, "before_cursor_execute", noted)


def test_one_person_is_not_another_however_they_come(kept: Kept) -> None:
    house = kept.house
    people = [
        kept.person(house.signed_in("partner:nepal", "Asha")),
        kept.person(house.signed_in("partner:nepal", "Bina")),  # of the same delegation
        kept.person(house.signed_in("staff", "Ops", is_operator=True)),
        kept.person(house.program("staff", "ask", "read")),
        kept.visitor(),
    ]
    conversations = [person.ask()["conversation"] for person in people]

    for person in people:
        seen = [person("GET", f"/conversations/{one}").status_code for one in conversations]
        assert seen.count(200) == 1 and seen.count(404) == len(people) - 1
        assert len(person("GET", "/conversations").json()) == 1


def test_reading_changes_nothing(kept: Kept) -> None:
    ana = kept.visitor()
    hers = ana.ask()
    ana("PUT", f"/answers/{hers['answer_id']}/feedback", json={"helpful": False, "reason": "wrong"})
    ana("POST", f"/answers/{hers['answer_id']}/escalation", json={"note": "Please."})
    before = everything(kept)

    for person in (ana, kept.visitor()):
        for method, path in owned_addresses(kept):
            if method == "GET":
                called(person, method, path, hers["answer_id"], hers["conversation"])
        for path in ("/me", "/conversations?q=delegations", "/library", "/documents/marri", "/originals/marri"):
            assert person("GET", path).status_code == 200, path
    assert everything(kept) == before


def everything(kept: Kept) -> dict[str, list[Any]]:
    """Every row of every table."""
    with kept.conversations.engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return {table: sorted(map(repr, connection.execute(text(f"SELECT * FROM {table}")))) for table in tables}


def test_a_program_needs_the_scope_for_what_it_does(kept: Kept) -> None:
    reads, asks = (kept.person(kept.house.program("public", scope)) for scope in ("read", "ask"))
    assert reads("GET", "/conversations").status_code == asks("GET", "/conversations").status_code == 200
    hers = asks.ask()
    assert asks("GET", f"/answers/{hers['answer_id']}").status_code == 200
    for method, path in owned_addresses(kept):
        if method != "GET":
            refused = called(reads, method, path, hers["answer_id"], hers["conversation"])
            assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope"), (method, path)
    assert reads("POST", "/ask", json={"question": "Who?"}).status_code == 403


@pytest.mark.parametrize("is_public", [True, False])
def test_who_one_is_taken_for_is_told(small_copy: Any, desk_on: DeskOn, is_public: bool) -> None:
    with kept_house(desk_on(small_copy), unhurried(public=is_public)) as kept:
        asha = kept.person(kept.house.signed_in("partner:nepal", "Asha"))
        nobody = kept.person({})
        assert asha("GET", "/me").json() == {
            "signed_in": True,
            "name": "Asha",
            "audience": "partner:nepal",
            "is_operator": False,
            "public": is_public,
            "closed": None,
            "keep_days": 30,
        }
        kept.house.accounts.close_desk("Moving house until noon.", "terminal")
        assert asha("GET", "/me").json()["closed"] == "Moving house until noon."
        closed = asha("POST", "/ask", json={"question": "Who?"})
        assert (closed.status_code, closed.json()["error"]["code"]) == (503, "closed")
        assert closed.json()["error"]["message"] == "Moving house until noon."
        seen = nobody("GET", "/me")
        assert seen.status_code == (200 if is_public else 401)
        assert "set-cookie" not in seen.headers, "nothing is kept of who only looks"
        if is_public:
            assert seen.json() | {"signed_in": False, "name": "", "audience": "public"} == seen.json()
