"""An answer of one's own over HTTP: judged, handed on, shared, taken along; and gone with the documents it cites."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.types import Reader
from integrations.asking.seeing import shared_answer
from knowledge.decisions import Decisions
from tests.integrations.conftest import QUESTION, SMALL_QUESTION, STAFF_NAME, STAFF_QUESTION, DeskOn
from tests.integrations.servers import unhurried
from tests.integrations.web.api.conftest import Kept, Person, kept_house, told
from tests.integrations.web.askers import with_visit

TIRANA = "rgrs-tirana-june-2024"


# --- feedback --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "opinion",
    [
        {"helpful": True},
        {"helpful": False, "reason": "outdated", "comment": "  The law changed.  "},
        {"helpful": False, "comment": "यो गलत छ"},
    ],
)
def test_an_opinion_is_kept_with_its_reason_and_shown_again(kept: Kept, opinion: dict[str, object]) -> None:
    ana = kept.visitor()
    address = f"/answers/{ana.ask()['answer_id']}"

    given = ana("PUT", f"{address}/feedback", json=opinion)

    assert given.status_code == 200
    comment = opinion.get("comment")
    wanted = {"reason": None, **opinion, "comment": str(comment).strip() if comment else None}
    assert {name: value for name, value in given.json().items() if name != "at"} == wanted
    assert ana("GET", address).json()["feedback"] == given.json()
    ana("PUT", f"{address}/feedback", json={"helpful": True})
    assert ana("GET", address).json()["feedback"]["helpful"] is True
    (kept_one,) = [one for answer, one in kept.conversations.feedback() if f"/answers/{answer.id}" == address]
    assert kept_one.helpful is True, "one opinion a person"


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"helpful": "perhaps"},
        {"helpful": False, "reason": "boring"},
        {"helpful": True, "reason": "wrong"},
        {"helpful": True, "person": "ben"},
        {"helpful": False, "comment": "x" * 2001},
    ],
)
def test_an_opinion_of_another_shape_is_refused(kept: Kept, wrong: dict[str, object]) -> None:
    ana = kept.visitor()
    address = f"/answers/{ana.ask()['answer_id']}/feedback"
    assert ana("PUT", address, json=wrong).status_code == 422
    assert kept.conversations.opinion(_person(kept, address.split("/")[2]), address.split("/")[2]) is None


def _person(kept: Kept, answer_id: str) -> str:
    stored = kept.conversations.kept(answer_id)
    assert stored is not None
    return stored.person


# --- a person --------------------------------------------------------------------------------------------------------


def test_a_question_goes_on_to_a_person_once_and_their_reply_stands_in_the_conversation(kept: Kept) -> None:
    ana = kept.visitor()
    hers = ana.ask()
    address = f"/answers/{hers['answer_id']}/escalation"
    assert ana("GET", address).status_code == 404

    first = ana("POST", address, json={"note": " For the meeting on Monday. "})
    again = ana("POST", address, json={"note": "Hurry!"})

    assert first.status_code == again.status_code == 200
    assert first.json() == again.json() == ana("GET", address).json()
    assert (first.json()["state"], first.json()["note"]) == ("open", "For the meeting on Monday.")
    (waiting,) = [one for one in kept.conversations.escalations("open") if one.answer_id == hers["answer_id"]]
    kept.conversations.reply(waiting.id, "expert-7", "Call the ministry.")

    (turn,) = ana("GET", f"/conversations/{hers['conversation']}").json()["turns"]
    assert (turn["escalation"]["state"], turn["escalation"]["reply"]) == ("answered", "Call the ministry.")
    assert "expert-7" not in str(turn), "who replied is not told"


def test_a_person_is_asked_without_a_note_too(kept: Kept) -> None:
    ana = kept.visitor()
    answer_id = ana.ask()["answer_id"]
    assert ana("POST", f"/answers/{answer_id}/escalation", json={}).json()["note"] == ""


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_link_opens_the_answer_until_it_is_withdrawn_or_renewed_and_says_nothing_of_who_asked(kept: Kept) -> None:
    ana = kept.visitor()
    answer_id = ana.ask()["answer_id"]
    address, accounts = f"/answers/{answer_id}/share", kept.house.accounts

    first, second = (ana("POST", address).json() for _ in range(2))

    assert first["url"].startswith(f"{kept.house.address}/shared/shr_")
    secret = second["url"].rpartition("/")[2]
    assert accounts.shared(first["url"].rpartition("/")[2]) is None, "the link before is good no longer"
    assert accounts.shared(secret) == answer_id
    lasts = datetime.fromisoformat(second["expires"]) - datetime.now(UTC)
    assert timedelta(days=29) < lasts <= timedelta(days=30)
    shared = shared_answer(kept.application.state.desk, kept.conversations, answer_id, Reader())
    assert shared is not None and shared.question == QUESTION and shared.person == ""
    assert ana("GET", f"/answers/{answer_id}").json()["shared"] is True

    assert ana("DELETE", address).status_code == ana("DELETE", address).status_code == 204
    assert accounts.shared(secret) is None
    assert ana("GET", f"/answers/{answer_id}").json()["shared"] is False


def test_a_link_has_the_address_by_which_people_reach_the_desk_and_no_longer_life_than_the_answer(
    small_copy: Path, desk_on: DeskOn
) -> None:
    settings = unhurried(public_url="https://desk.example/migration/")
    with kept_house(desk_on(small_copy), settings, keep_days=3) as kept:
        ana = kept.person(with_visit("v" * 43, "https://desk.example"))
        answer_id = ana.ask(SMALL_QUESTION)["answer_id"]
        shared = ana("POST", f"/answers/{answer_id}/share").json()
        assert shared["url"].startswith("https://desk.example/migration/shared/shr_")
        lasts = datetime.fromisoformat(shared["expires"]) - datetime.now(UTC)
        assert timedelta(days=2) < lasts <= timedelta(days=3)


# --- to be taken along -----------------------------------------------------------------------------------------------


def test_an_answer_is_taken_along_as_a_note(kept: Kept) -> None:
    ana = kept.visitor()
    answer_id = ana.ask(as_of="2024-12-31")["answer_id"]

    docx, pdf = (ana("GET", f"/answers/{answer_id}/briefing.{kind}") for kind in ("docx", "pdf"))

    day = datetime.now(UTC).date().isoformat()
    for kind, note in (("docx", docx), ("pdf", pdf)):
        assert note.status_code == 200
        assert note.headers["content-disposition"] == f'attachment; filename="briefing-{day}.{kind}"'
        assert note.headers["cache-control"] == "no-store"
    words = zipfile.ZipFile(io.BytesIO(docx.content)).read("word/document.xml").decode()
    assert "Bangladesh, Nepal and Pakistan" in words and QUESTION in words
    assert "31 December 2024" in words, "the day that was asked for, not that of asking"
    assert pdf.headers["content-type"] == "application/pdf" and pdf.content.startswith(b"%PDF-")


# --- what is no longer to be seen ------------------------------------------------------------------------------------


def test_an_answer_whose_document_is_hidden_now_is_shown_nowhere(kept_copy: Kept, base_copy: Path) -> None:
    kept, ana = kept_copy, kept_copy.visitor()
    hers = ana.ask()
    answer_id, conversation = hers["answer_id"], hers["conversation"]
    citation = hers["sentences"][0]["citations"][0]
    assert ana("POST", f"/answers/{answer_id}/share").status_code == 200

    Decisions(base_copy).relabel("ana", TIRANA, "staff")

    (turn,) = ana("GET", f"/conversations/{conversation}").json()["turns"]
    assert turn["answer"] is None and turn["question"] == QUESTION
    assert ana("GET", f"/answers/{answer_id}").json()["answer"] is None
    place = {"passage_id": citation["passage_id"], "start": citation["start"], "language": "sr"}
    never = told(ana("GET", "/answers/never/briefing.pdf"))
    for method, path, body in (
        ("GET", "briefing.docx", None),
        ("GET", "briefing.pdf", None),
        ("POST", "share", None),
        ("POST", "translation", place),
    ):
        assert told(ana(method, f"/answers/{answer_id}/{path}", json=body)) == never
    assert shared_answer(kept.application.state.desk, kept.conversations, answer_id, Reader()) is None
    for search in ("Bangladesh", "Nepal"):
        assert ana("GET", f"/conversations?q={search}").json() == []
    # Their own words, and what they say of it, stay theirs.
    assert len(ana("GET", "/conversations?q=delegations").json()) == 1
    assert ana("PUT", f"/answers/{answer_id}/feedback", json={"helpful": True}).status_code == 200
    assert ana("DELETE", f"/answers/{answer_id}/share").status_code == 204
    assert "Bangladesh" not in ana("GET", f"/conversations/{conversation}").text


def test_who_has_fewer_rights_than_before_sees_no_answer_of_then_and_builds_on_none(kept: Kept) -> None:
    accounts = kept.house.accounts
    account = accounts.account_for("issuer", "s1", name="Asha", audience="staff", is_operator=False)
    asha: Person = kept.person(
        {"Cookie": f"__Host-session={accounts.open_session(account.id)}", "Origin": kept.house.address}
    )
    hers = asha.ask(STAFF_QUESTION)
    assert STAFF_NAME in hers["text"]
    assert STAFF_NAME in asha("GET", f"/conversations/{hers['conversation']}").text
    handed_on = f"/answers/{hers['answer_id']}/escalation"
    asha("POST", handed_on, json={"note": "Since when?"})
    (waiting,) = [one for one in kept.conversations.escalations("open") if one.answer_id == hers["answer_id"]]
    kept.conversations.reply(waiting.id, "web:op", f"{STAFF_NAME} since May.")
    assert STAFF_NAME in asha("GET", handed_on).json()["reply"]

    accounts.account_for("issuer", "s1", name="Asha", audience="public", is_operator=False)

    read = asha("GET", f"/conversations/{hers['conversation']}")
    assert read.json()["turns"][0]["answer"] is None and STAFF_NAME not in read.text
    for method, path in (("GET", ""), ("GET", "/escalation"), ("POST", "/escalation")):
        again = asha(method, f"/answers/{hers['answer_id']}{path}", json={} if method == "POST" else None)
        assert again.status_code == 200 and STAFF_NAME not in again.text, (method, path)
    followed = asha.ask("Who is that, please?", conversation=hers["conversation"])
    assert STAFF_NAME not in str(followed)
    assert asha("GET", f"/answers/{hers['answer_id']}/briefing.docx").status_code == 404


# --- not too much of it ----------------------------------------------------------------------------------------------


def test_what_costs_work_or_room_is_done_no_faster_than_questions_are_asked(small_copy: Path, desk_on: DeskOn) -> None:
    with kept_house(desk_on(small_copy), unhurried(questions_a_minute=5)) as kept:
        asha = kept.person(kept.house.signed_in("partner:nepal"))
        answer_id = asha.ask(SMALL_QUESTION)["answer_id"]
        told_each = [asha("POST", f"/answers/{answer_id}/share") for _ in range(6)]
        assert [response.status_code for response in told_each[:4]] == [200] * 4
        told_last = told_each[-1]
        assert (told_last.status_code, told_last.json()["error"]["code"]) == (429, "too_fast")
        assert int(told_last.headers["retry-after"]) > 0
        for method, path, body in (
            ("PUT", "feedback", {"helpful": True}),
            ("POST", "escalation", {}),
            ("GET", "briefing.pdf", None),
            ("GET", "briefing.docx", None),
        ):
            assert asha(method, f"/answers/{answer_id}/{path}", json=body).status_code == 429, path
        searched = asha.client.get("/library", params={"q": "permit"})
        assert searched.status_code == 429 and asha.client.get("/library").status_code == 200
        assert asha("GET", "/conversations").status_code == 200
        assert asha("DELETE", "/me/questions").status_code == 200, "what is theirs is erased at once"
