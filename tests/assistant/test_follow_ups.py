"""What a follow-up takes from the conversation before it is searched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.chain import Budget
from assistant.follow_ups import condensed, stand_alone
from assistant.types import Conversation, Turn
from knowledge.base import KnowledgeBase
from knowledge.types import Scope
from tests.assistant.asking import PATIENT, asked_before
from tests.assistant.documents import ASK_PODGORICA, ASK_SKOPJE

_PUBLIC = Scope(frozenset({"public"}))


async def _searched(base: KnowledgeBase, question: str, conversation: Conversation, scope: Scope = _PUBLIC) -> str:
    result = await stand_alone(question, conversation, base.searcher, scope, None, Budget.of(PATIENT))
    assert result.prompt is None
    return result.question


async def test_a_first_question_is_searched_as_it_is(base: KnowledgeBase) -> None:
    assert await _searched(base, "And in Skopje?", ()) == "And in Skopje?"


async def test_a_follow_up_keeps_its_words_and_takes_some_of_the_question_before(base: KnowledgeBase) -> None:
    searched = await _searched(base, "And what was agreed there?", asked_before(ASK_PODGORICA))

    assert searched.startswith("And what was agreed there? ")
    assert "delegations" in searched.split()


async def test_a_follow_up_that_only_names_another_place_is_the_question_before_on_that_place(
    base: KnowledgeBase,
) -> None:
    assert await _searched(base, "And in Skopje?", asked_before(ASK_PODGORICA)) == ASK_SKOPJE


async def test_follow_ups_build_on_each_other(base: KnowledgeBase) -> None:
    turns = tuple(Turn("user", asked) for asked in ("Who came to Tirana in 2022?", "And to Podgorica?"))

    assert await _searched(base, "And in 2023?", turns) == "Who came to Podgorica in 2023?"


async def test_a_new_subject_takes_nothing_from_the_one_before(base: KnowledgeBase) -> None:
    asked = "How many families did Safe Harbour help?"

    assert await _searched(base, asked, asked_before(ASK_PODGORICA)) == asked


async def test_the_name_that_a_follow_up_replaces_is_not_searched_again(base: KnowledgeBase) -> None:
    assert "podgorica" not in (await _searched(base, "And in Skopje?", asked_before(ASK_PODGORICA))).lower()


async def test_the_name_that_a_follow_up_leaves_out_is_searched(base: KnowledgeBase) -> None:
    assert "podgorica" in (await _searched(base, "And what was agreed there?", asked_before(ASK_PODGORICA))).lower()


async def test_what_the_desk_said_before_is_not_taken_for_a_question(base: KnowledgeBase) -> None:
    said = Turn("assistant", "Raspberries are picked by seasonal workers.")

    assert "raspberries" not in (await _searched(base, "And when?", (Turn("user", ASK_PODGORICA), said))).lower()


async def test_words_that_no_visible_document_holds_are_not_searched(base: KnowledgeBase) -> None:
    before = asked_before("What is the ceiling in denars that Petkovski told the xylophone orchestra?")

    searched = (await _searched(base, "And why?", before)).lower()
    assert not [word for word in ("denars", "petkovski", "xylophone") if word in searched]


async def test_a_long_conversation_does_not_make_a_long_question(base: KnowledgeBase) -> None:
    turns = tuple(Turn("user", f"{ASK_PODGORICA} " * 200) for _ in range(50))

    assert len((await _searched(base, "And in Skopje?", turns)).split()) <= 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who came to Skopje?", "Who came to Skopje?"),
        ("  Who came\tto Skopje?  \nBecause you asked.", "Who came to Skopje?"),
        ("", "And there?"),
        ("\n\n", "And there?"),
        ("word " * 200, "And there?"),
    ],
)
def test_a_rewriting_is_one_line_of_a_sensible_length_or_the_question_itself(text: str, expected: str) -> None:
    assert condensed(text, "And there?") == expected


@settings(deadline=None)
@given(st.text(), st.text(min_size=1, max_size=50))
def test_no_rewriting_whatever_makes_an_endless_or_empty_question(text: str, question: str) -> None:
    result = condensed(text, question)

    assert result
    assert result == question or (len(result) <= 400 and "\n" not in result)
