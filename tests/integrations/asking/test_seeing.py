"""What of a kept answer may still be shown: rights and documents are asked anew each time."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.conversations.types import Kept
from assistant.types import Answer, Notice, Outcome, Provenance, Reader
from integrations.asking.answering import Asking
from integrations.asking.seeing import owned_answer, shared_answer, visible
from knowledge.base import open_base
from knowledge.decisions import Decisions
from knowledge.embedding import Embedder
from tests.integrations.asking.conftest import Freely, posed
from tests.integrations.conftest import QUESTION, STAFF_DOCUMENT, STAFF_NAME, STAFF_QUESTION

TIRANA = "rgrs-tirana-june-2024"
CHIEF = "Who was the IOM Chief of Mission in Serbia?"
PUBLIC, NEPAL, STAFF = (Reader.of(label) for label in ("public", "partner:nepal", "staff"))


async def kept(asking: Asking, question: str = QUESTION, audience: str = "public") -> Kept:
    answered = await asking.answer(posed(question, audience=audience), Freely())
    found = asking.conversations.kept(answered.answer_id or "")
    assert found is not None and found.answer is not None and found.answer.sentences
    return found


async def test_an_answer_is_shown_to_whoever_has_the_rights_it_was_made_with(asking: Asking) -> None:
    public = await kept(asking)
    staff = await kept(asking, STAFF_QUESTION, "staff")
    # Made with a delegation's rights, whatever it cites in the end.
    nepal = replace(public, audience="partner:nepal")

    for reader in (PUBLIC, NEPAL, STAFF):
        assert visible(asking.desk, public, reader) == public.answer
    assert [visible(asking.desk, staff, reader) is not None for reader in (PUBLIC, NEPAL, STAFF)] == [
        False,
        False,
        True,
    ]
    assert [visible(asking.desk, nepal, reader) is not None for reader in (PUBLIC, NEPAL, STAFF)] == [
        False,
        True,
        False,
    ]
    assert visible(asking.desk, replace(public, audience="everybody"), STAFF) is None
    assert visible(asking.desk, replace(public, answer=None), STAFF) is None


@pytest.mark.parametrize("how", ["withdraw", "relabel"])
async def test_an_answer_is_gone_with_a_document_it_cites_and_comes_back_with_it(
    asking: Asking, base_copy: Path, how: str
) -> None:
    found, decide = await kept(asking), Decisions(base_copy)
    if how == "withdraw":
        decide.withdraw("ana", TIRANA, "a mistake")
    else:
        decide.relabel("ana", TIRANA, "staff")

    assert visible(asking.desk, found, PUBLIC) is None
    assert (visible(asking.desk, found, STAFF) is None) is (how == "withdraw")
    assert owned_answer(asking.desk, asking.conversations, found.id, found.person, PUBLIC) is None
    assert shared_answer(asking.desk, asking.conversations, found.id, PUBLIC) is None

    if how == "withdraw":
        decide.reinstate("ana", TIRANA, "it was none")
    else:
        decide.relabel("ana", TIRANA, "public")
    assert visible(asking.desk, found, PUBLIC) == found.answer


async def test_each_quote_has_to_stand_in_the_version_that_was_cited(asking: Asking) -> None:
    found = await kept(asking)
    assert found.answer is not None
    sentence = found.answer.sentences[0]
    citation = sentence.citations[0]

    def with_citation(**changed: object) -> Kept:
        other = replace(sentence, citations=(replace(citation, **changed),))  # type: ignore[arg-type]
        return replace(found, answer=replace(found.answer, sentences=(other,)))  # type: ignore[type-var]

    assert visible(asking.desk, with_citation(), PUBLIC) is not None
    for changed in ({"version": 2}, {"quote": "Other words."}, {"start": 0}, {"document_id": "never"}):
        assert visible(asking.desk, with_citation(**changed), PUBLIC) is None, changed


async def test_an_answer_of_a_person_is_theirs_alone_and_a_shared_one_says_nothing_of_them(asking: Asking) -> None:
    found = await kept(asking)
    desk, memory = asking.desk, asking.conversations

    assert owned_answer(desk, memory, found.id, "web:ana", PUBLIC) == found
    assert owned_answer(desk, memory, found.id, "web:ben", PUBLIC) is None
    shared = shared_answer(desk, memory, found.id, NEPAL)
    assert shared is not None and (shared.question, shared.answer) == (found.question, found.answer)
    assert (shared.person, shared.thread, shared.surface) == ("", "", "")
    memory.forget("web:ana")
    assert shared_answer(desk, memory, found.id, NEPAL) is None
    assert shared_answer(desk, memory, "never", NEPAL) is None


async def test_what_sources_say_of_it_is_hidden_with_the_document_in_which_it_stands(
    asking: Asking, base_copy: Path
) -> None:
    found = await kept(asking, CHIEF)
    assert found.answer is not None and found.answer.positions
    # Of a document that the answer itself cites nothing from.
    other = replace(found.answer.positions[0], document_id="marri")
    answer = replace(found.answer, positions=(*found.answer.positions, other))

    assert visible(asking.desk, replace(found, answer=answer), PUBLIC) == answer
    Decisions(base_copy).withdraw("ana", "marri", "a mistake")
    assert visible(asking.desk, replace(found, answer=answer), PUBLIC) is None
    assert visible(asking.desk, found, PUBLIC) == found.answer


def test_titles_of_what_is_hidden_now_are_left_out_of_a_refusal(
    asking: Asking, base_copy: Path, embedder: Embedder
) -> None:
    base = open_base(base_copy, embedder)
    titles = {source.id: source.title for source in base.catalogue.sources(STAFF.audiences)}
    base.close()
    near = (titles[TIRANA], titles[STAFF_DOCUMENT])
    notices = (Notice("nearby", f"Near: {near}"), Notice("contact", "Ask here."))
    answer = Answer(Outcome.NOT_COVERED, "Not covered.", "en", (), (), notices, Provenance(None), nearby=near)
    stored = Kept("id", "t", "web", "web:ana", "public", "en", "Q?", answer, datetime.now(UTC), "NOT_COVERED")

    assert visible(asking.desk, stored, STAFF) == answer
    shown = visible(asking.desk, stored, PUBLIC)
    assert shown is not None and shown.nearby == near[:1]
    assert [notice.kind for notice in shown.notices] == ["contact"]
    assert near[1] not in str(shown) and STAFF_NAME not in str(shown)
