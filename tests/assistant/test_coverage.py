"""Whether the documents hold what was asked: wrong years and foreign subjects are refused, answerable ones are not."""

from dataclasses import replace

import pytest

from assistant.coverage import coverage_of
from assistant.desk import Desk
from assistant.types import Outcome
from knowledge.base import KnowledgeBase
from knowledge.relevance import CrossEncoder
from knowledge.search import Found
from tests.assistant.asking import answer_of, citations_of, desk_on, events_of
from tests.assistant.documents import (
    ASK_HARBOUR,
    ASK_PICKERS,
    ASK_PODGORICA,
    BRIEF,
    HARBOUR,
    PODGORICA,
    SKOPJE,
)
from tests.assistant.passages import passage


@pytest.fixture(name="desk")
def _desk(base: KnowledgeBase) -> Desk:
    return desk_on(base)


@pytest.mark.parametrize(
    ("question", "document"),
    [
        (ASK_PODGORICA, PODGORICA),
        (ASK_HARBOUR, HARBOUR),
        (ASK_PICKERS, BRIEF),
        ("What does a seasonal visa for the orchards cost?", BRIEF),
        ("Who paid for the project Safe Harbour?", HARBOUR),
        ("What did the round table in Skopje agree on?", SKOPJE),
        ("Koje delegacije su došle na okrugli sto u Podgorici?", PODGORICA),
        ("Које делегације су дошле на округли сто у Скопљу?", SKOPJE),
        ("Cilat delegacione erdhën në tryezën e rrumbullakët në Shkup?", SKOPJE),
        ("Колку чини сезонска виза за овоштарниците?", BRIEF),
        ("সেফ হারবার প্রকল্প কতগুলি পরিবারের বাড়ি মেরামত করেছে?", HARBOUR),
        ("Wie viele Saisonarbeiter pflückten Himbeeren im Drina-Tal?", BRIEF),
        ("كم تبلغ تكلفة التأشيرة الموسمية للبساتين؟", BRIEF),
        ("أي وفود حضرت المائدة المستديرة في سكوبيه؟", SKOPJE),
    ],
)
async def test_what_the_documents_hold_is_answered_from_the_right_one(desk: Desk, question: str, document: str) -> None:
    answer = answer_of(await events_of(desk, question))

    assert answer.outcome is Outcome.ANSWERED
    assert citations_of(answer)[0].document_id == document


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("How many returning families did the project Safe Harbour help in 2025?", "2025"),
        ("Which delegations came to the round table in Podgorica in 1999?", "1999"),
        ("Koje delegacije su došle na okrugli sto u Podgorici 2025. godine?", "2025"),
        ("২০২৫ সালে সেফ হারবার প্রকল্প কতগুলি পরিবারের বাড়ি মেরামত করেছে?", "2025"),
    ],
)
async def test_a_year_that_the_documents_do_not_hold_is_refused_and_named(desk: Desk, question: str, year: str) -> None:
    answer = answer_of(await events_of(desk, question))

    assert answer.outcome is Outcome.NOT_COVERED
    assert year in answer.text
    assert (answer.sentences, answer.sources) == ((), ())


@pytest.mark.parametrize(
    "question",
    [
        "What is the boiling point of mercury?",
        "Who won the football world cup?",
        "How do I bake sourdough bread?",
        "Which chess opening begins with the king's pawn?",
        "Ko je osvojio svetsko prvenstvo u fudbalu?",
        "Kush e fitoi kampionatin botëror të futbollit?",
        "পারদের স্ফুটনাঙ্ক কত?",
        "ডায়াবেটিসের লক্ষণ কী কী?",
        "Si ta ndryshoj fjalëkalimin e e-mailit tim?",
        "Kako da ispečem hleb kod kuće?",
        "كيف أغير كلمة مرور بريدي الإلكتروني؟",
    ],
)
async def test_a_question_on_another_subject_is_refused(desk: Desk, question: str) -> None:
    answer = answer_of(await events_of(desk, question))

    assert answer.outcome is Outcome.NOT_COVERED
    assert (answer.sentences, answer.sources) == ((), ())


def test_nothing_found_is_not_covered() -> None:
    coverage = coverage_of("Who took part?", Found((), {}), True)

    assert not coverage.covered
    assert coverage.missing == ()


def test_names_and_figures_that_the_passages_lack_are_told_as_they_were_written() -> None:
    found = Found((passage("Nepal took part in the meeting of 12 May 2022.", similarity=0.6),), {})

    coverage = coverage_of("Did Bhutan and Nepal meet in Ulaanbaatar on 14 May?", found, True)

    assert not coverage.covered
    assert set(coverage.missing) == {"14", "Bhutan", "Ulaanbaatar"}


def test_a_place_under_another_name_is_not_missed_across_languages() -> None:
    found = Found((passage("Germany and Austria took part in 2022.", similarity=0.95),), {})

    assert coverage_of("Da li su Nemačka i Austrija učestvovale 2022?", found, False).missing == ()


def test_the_date_of_a_publication_counts_as_held() -> None:
    found = Found((passage("Nepal took part in the meeting.", similarity=0.95, published="2022-05"),), {})

    assert coverage_of("Did Nepal take part in the meeting of 2022?", found, True).covered


def test_of_two_years_asked_about_one_may_be_answered() -> None:
    found = Found((passage("Nepal sent 40 workers in 2022.", similarity=1.0),), {})

    assert coverage_of("How many workers did Nepal send in 2022 and in 2023?", found, True).covered
    assert not coverage_of("How many workers did Nepal send in 2023 and in 2024?", found, True).covered


def test_what_is_no_nearer_than_an_everyday_question_is_not_covered_in_another_language() -> None:
    item = passage("Nepal sent 40 workers to the orchards.", similarity=0.82)

    def covered(centred: float) -> bool:
        near = replace(item, units=tuple(replace(unit, centred=centred) for unit in item.units))
        return coverage_of("Koliko radnika je došlo?", Found((near,), {}), False).covered

    assert covered(0.12) and not covered(0.02)


@pytest.mark.parametrize(
    ("question", "text", "covered"),
    [
        ("How many visitors came to the fair?", "The fair for visitors was opened by the mayor.", False),
        ("How many visitors came to the fair?", "The fair had 340 visitors.", True),
        ("When was the fair opened?", "The fair was opened by the mayor.", False),
        ("When was the fair opened?", "The fair was opened on 4 May 2021.", True),
        ("What did Frontex say at the fair?", "At the fair the mayor spoke of work.", False),
    ],
)
def test_what_is_nearest_does_not_answer_without_the_number_date_or_body_asked_for(
    question: str, text: str, covered: bool
) -> None:
    found = Found((passage(text, similarity=0.95),), {"fair": 1.0})
    assert coverage_of(question, found, same_language=True).covered is covered


async def test_a_question_in_other_words_is_answered_where_sentences_are_read_with_it(base: KnowledgeBase) -> None:
    question = "What was said to be needed most while travelling?"
    desk = desk_on(base)
    reading = Desk(base, "local", scores=CrossEncoder().scores)

    assert answer_of(await events_of(desk, question)).outcome is Outcome.NOT_COVERED
    answer = answer_of(await events_of(reading, question))
    assert answer.outcome is Outcome.ANSWERED
    assert citations_of(answer)[0].document_id == SKOPJE
