"""What to ask next: near to what was cited, of what the reader may see, in the language of the answer."""

import gc
import threading
import tomllib
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any
from weakref import ref

import pytest

from assistant.replies import languages
from assistant.types import Answer, Citation, Outcome, Provenance, Reader, Sentence
from integrations.asking import trying
from integrations.asking.answering import Asking
from integrations.asking.suggesting import Suggestion, suggestions
from integrations.asking.trying import Trying, trying_with
from knowledge.decisions import Decisions
from knowledge.types import Source, Subject
from tests.integrations.asking.conftest import Freely, posed
from tests.integrations.conftest import QUESTION, DeskOn


def listed(identifier: str, topic: str, theme: str = "return", **more: object) -> Source:
    places = more.pop("places", ("AL",))
    subject = Subject(topic, theme, tuple(places), tuple(more.pop("keywords", ())))  # type: ignore[arg-type]
    return Source(identifier, f"About {topic}", "public", subject=subject, **more)  # type: ignore[arg-type]


def citing(*documents: str, language: str = "en") -> Answer:
    def sentence(document: str) -> Sentence:
        return Sentence("Yes.", (Citation(1, "p", document, "T", None, None, None, "", "Yes.", 0, 4, True),))

    return Answer(Outcome.ANSWERED, "Yes.", language, tuple(map(sentence, documents)), (), (), Provenance(None))


CITED = listed("cited", "readmission", keywords=("returns",))
LIBRARY = (
    CITED,
    listed("same", "readmission", as_of="2026"),  # what was just answered
    listed("far", "visas", "borders", places=("NP",)),
    listed("theme", "reintegration", places=("NP",)),
    listed("near", "return by road", keywords=("returns",)),
    listed("older", "return by sea", places=("AL", "NP"), as_of="2020"),
    listed("newer", "return by air", places=("AL", "NP"), as_of="2024"),
    listed("words", "terms", "reference"),
    Source("bare", "A file of nobody", "public"),
)


def test_the_nearest_come_first_the_newer_of_two_and_neither_what_was_answered_nor_the_glossary() -> None:
    found = suggestions(citing("cited"), LIBRARY)

    assert found == (
        Suggestion("Return by road", "What do the documents say about return by road?"),
        Suggestion("Return by air", "What do the documents say about return by air?"),
        Suggestion("Return by sea", "What do the documents say about return by sea?"),
        Suggestion("Reintegration", "What do the documents say about reintegration?"),
    )
    assert [one.title for one in suggestions(citing("cited"), LIBRARY[:4])] == ["Reintegration"]


def test_what_is_far_from_everything_cited_is_not_suggested() -> None:
    assert suggestions(citing("cited"), (CITED, LIBRARY[2])) == ()
    assert suggestions(citing("bare"), LIBRARY) == (), "of a document without a topic nothing is near"


@pytest.mark.parametrize("outcome", [Outcome.DECLINED, Outcome.NEEDS_CLARIFICATION, Outcome.FAILED])
def test_nothing_is_suggested_where_the_reader_has_something_else_to_do(outcome: Outcome) -> None:
    assert suggestions(replace(citing("cited"), outcome=outcome), LIBRARY) == ()


def test_a_refusal_suggests_what_it_names_as_near_itself() -> None:
    refused = Answer(Outcome.NOT_COVERED, "No.", "en", (), (), (), Provenance(None))

    assert suggestions(refused, LIBRARY) == ()
    near = replace(refused, nearby=("About visas", "About readmission", "Hidden"))
    assert [one.title for one in suggestions(near, LIBRARY)] == ["Visas", "Readmission"]


@pytest.mark.parametrize("language", languages())
def test_every_language_has_its_own_words_with_the_topic_as_the_library_writes_it(language: str) -> None:
    (found,) = suggestions(citing("cited", language=language), (CITED, LIBRARY[4]))

    assert "return by road" in found.question
    assert "\u2068" not in found.question, "what is asked is searched for"
    asked = {
        name: tomllib.loads(resources.files("integrations.asking").joinpath(f"messages/{name}.toml").read_text("utf-8"))
        for name in languages()
    }
    assert {frozenset(texts["suggestion"]) for texts in asked.values()} == {frozenset({"about"})}
    assert len({texts["suggestion"]["about"] for texts in asked.values()}) == len(asked)


async def test_what_is_suggested_is_answered_and_what_is_not_is_left_out(asking: Asking) -> None:
    begun = await asking.answer(posed(QUESTION), Freely())
    library = asking.desk.base.catalogue.sources(frozenset({"public"}))
    candidates = suggestions(begun.answer, library)

    outcomes = {one: (await asking.desk.ask(one.question)).outcome for one in candidates}

    assert begun.suggestions == tuple(one for one in candidates if outcomes[one] is Outcome.ANSWERED)[:3]
    assert begun.suggestions and Outcome.NOT_COVERED in outcomes.values(), "nothing was to be left out here"


async def test_each_is_tried_once_until_the_documents_change(
    asking: Asking, base_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    ask = asking.desk.ask

    async def noted(question: str, *arguments: Any, **more: Any) -> Answer:
        assert more == {"use_model": False}, "nobody's share of the model is spent on it"
        tried.append(question)
        return await ask(question, *arguments, **more)

    monkeypatch.setattr(asking.desk, "ask", noted)
    first, again = await asking.answer(posed(), Freely()), await asking.answer(posed(), Freely())
    assert first.suggestions == again.suggestions
    assert tried and len(tried) == len(set(tried))

    known = len(tried)
    Decisions(base_copy).withdraw("ana", "marri", "a mistake")
    await asking.answer(posed(), Freely())
    assert len(tried) > known


async def test_a_trial_that_fails_or_does_not_end_in_time_costs_nobody_an_answer(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the searcher is lost")

    async def endless(*_: object, **__: object) -> Answer:
        ended.wait(10)
        return begun.answer

    ended = threading.Event()
    monkeypatch.setattr(asking.desk, "ask", broken)
    begun = await asking.answer(posed(), Freely())
    assert begun.suggestions == () and begun.answer_id is not None
    assert "RuntimeError" in caplog.text

    monkeypatch.setattr(asking.desk, "ask", endless)
    monkeypatch.setattr(trying, "PATIENCE_SECONDS", 0.01)
    slow = Trying(asking.desk)
    try:
        candidates = suggestions(begun.answer, asking.desk.base.catalogue.sources(frozenset({"public"})))
        assert candidates and await slow.answerable(candidates, Reader()) == ()
    finally:
        ended.set()
        slow.close()


def test_one_desk_has_one_memory_of_what_was_tried_and_is_let_go_with_it(small_copy: Path, desk_on: DeskOn) -> None:
    desk = desk_on(small_copy)
    assert trying_with(desk) is trying_with(desk)
    seen = ref(desk)
    desk.base.close()
    del desk
    gc.collect()
    assert seen() is None
