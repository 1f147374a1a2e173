from dataclasses import replace

import pytest

from assistant.fitting import fitting
from knowledge.search import Found
from knowledge.types import Retrieved, ScoredUnit, Span, Subject
from tests.assistant.passages import passage

_BRIEF = Subject("quotas", "labour-mobility", ("RS", "MK"))


def brief(text: str, **known: object) -> Retrieved:
    found = passage(text, **known)  # type: ignore[arg-type]
    return replace(found, source=replace(found.source, subject=_BRIEF))


def found(*passages: Retrieved, unseen: frozenset[str] = frozenset()) -> Found:
    return Found(passages, {}, unseen)


SERBIA = brief("Serbia issued 100 permits in 2023.", document_id="serbia")
SKOPJE = brief("North Macedonia set a quota of 20,000 for 2024.", document_id="mk")


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("How many permits were issued?", ["serbia", "mk"]),
        ("How many permits did Serbia issue?", ["serbia"]),
        ("What is the quota of North Macedonia for 2024?", ["mk"]),
        ("What did Skopje decide on the quota?", ["mk"]),
        ("How did the quota change between 2023 and 2024?", ["serbia", "mk"]),
    ],
    ids=["neither place nor year", "a place", "both", "a capital for its government", "one of two years"],
)
def test_a_brief_is_quoted_only_on_the_places_and_years_it_speaks_of(question: str, kept: list[str]) -> None:
    passages, missing = fitting(question, found(SERBIA, SKOPJE))
    assert [item.source.id for item in passages] == kept and missing == []


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("How many permits did Croatia issue?", ["Croatia"]),
        ("How many permits did Serbia issue in 2019?", ["2019"]),
        ("How many permits did Serbia issue in 2024?", []),  # the year and the country stand in different briefs
    ],
)
def test_what_no_brief_speaks_of_is_named(question: str, missing: list[str]) -> None:
    assert fitting(question, found(SERBIA, SKOPJE)) == ((), missing)


def test_a_title_a_heading_and_a_date_of_publication_count() -> None:
    item = brief("The quota is 500.", title="Quotas in Croatia", headings=("Quotas in 2022",), published="2021-05")
    for asked in ("What is the quota in Croatia?", "What was the quota in 2022?", "What was said of quotas in 2021?"):
        assert fitting(asked, found(item))[0] == (item,)


def test_a_name_that_stands_nowhere_in_the_library_is_not_answered_about() -> None:
    asked = "What did Interpol do in Serbia?"
    assert fitting(asked, found(SERBIA, unseen=frozenset({"interpol"}))) == ((), ["Interpol"])
    assert fitting(asked, found(SERBIA))[0] == (SERBIA,)


def test_a_misspelt_name_that_the_passage_holds_is_no_strange_one() -> None:
    item = brief("Serbia met Frontex.")
    assert fitting("Did Serbia meet Frontexs?", found(item, unseen=frozenset({"frontexs"})))[0] == (item,)


def test_other_documents_may_leave_out_what_goes_without_saying() -> None:
    page = passage("The lost property office is in the town hall.", document_id="town")
    asked = "Where is the lost property office in Germany?"
    assert fitting(asked, found(page, SERBIA, unseen=frozenset({"germany"})))[0] == (page,)


def test_places_and_years_are_compared_across_languages() -> None:
    both = found(SERBIA, SKOPJE)
    for asked in (
        "सर्बियाले २०२३ मा कति अनुमति दियो?",
        "Koliko je dozvola Srbija izdala 2023?",
        "کتنے اجازت نامے سربیا نے 2023 میں جاری کیے؟",
    ):
        assert [item.source.id for item in fitting(asked, both, same_language=False)[0]] == ["serbia"]
    assert fitting("कति अनुमति २०१९ मा दियो?", both, same_language=False) == ((), ["2019"])
    assert fitting("Koliko je dozvola izdala Hrvatska?", both, same_language=False) == ((), ["Hrvatska"])


def statements(*texts: str, similarities: tuple[float, ...]) -> Retrieved:
    item = brief(" ".join(texts))
    spans, at = [], 0
    for text in texts:
        spans.append(Span(at, at + len(text)))
        at += len(text) + 1
    units = tuple(ScoredUnit(span, value) for span, value in zip(spans, similarities, strict=True))
    return replace(item, units=units, why=replace(item.why, sentence=max(similarities)))


def test_of_a_brief_only_the_statements_that_fit_are_quoted() -> None:
    item = statements("Serbia issued 100 in 2023.", "Serbia issued 80 in 2022.", similarities=(0.9, 0.9))
    kept, missing = fitting("How many did Serbia issue in 2022?", found(item))
    assert [kept[0].passage.text_at(unit.span) for unit in kept[0].units] == ["Serbia issued 80 in 2022."]
    assert missing == []


def test_a_question_whose_nearest_statement_speaks_of_another_year_is_not_covered() -> None:
    item = statements(
        "Serbia issued 100 permits in 2023.", "The office in Serbia opened in 2022.", similarities=(0.95, 0.9)
    )
    assert fitting("How many permits did Serbia issue in 2022?", found(item)) == ((), ["2022", "Serbia"])


def test_a_question_on_two_places_takes_a_statement_on_each() -> None:
    kept, missing = fitting("What are the quotas of Serbia and of North Macedonia?", found(SERBIA, SKOPJE))
    assert [item.source.id for item in kept] == ["serbia", "mk"] and missing == []
    assert fitting("What are the quotas of Serbia and of Croatia?", found(SERBIA, SKOPJE))[0] == ()


@pytest.mark.parametrize(
    "question",
    [
        "When did Serbia sign a readmission agreement with North Macedonia?",
        "What is the quota between Serbia and North Macedonia?",
        "Kada je Srbija potpisala sporazum sa Severnom Makedonijom?",
    ],
)
def test_a_question_on_one_place_with_the_other_takes_no_statement_on_each(question: str) -> None:
    assert fitting(question, found(SERBIA, SKOPJE), same_language=False)[0] == ()


@pytest.mark.parametrize(
    "question",
    ["Quotas of Serbia and of North Macedonia?", "Kvote Srbije i Severne Makedonije?", "حصص صربيا ومقدونيا الشمالية؟"],
)
def test_places_in_a_list_take_turns(question: str) -> None:
    assert [item.source.id for item in fitting(question, found(SERBIA, SKOPJE), same_language=False)[0]] == [
        "serbia",
        "mk",
    ]


def test_of_other_documents_what_speaks_of_another_place_is_left_out() -> None:
    here = passage("The group met in Belgrade in March.", document_id="belgrade")
    there = passage("The group met in Tirana in June.", document_id="tirana")
    nowhere = passage("The group met in a hotel.", document_id="nowhere")
    passages, _ = fitting("Who came to the meeting in Belgrade?", found(there, here, nowhere))
    assert [item.source.id for item in passages] == ["belgrade", "nowhere"]


def test_a_document_that_names_the_place_further_on_is_kept_whole() -> None:
    opening = passage("Guests from Nepal and Pakistan came.", document_id="belgrade")
    further = passage("The group met in Belgrade in March.", document_id="belgrade", start=100)
    passages, _ = fitting("Who came to the meeting in Belgrade?", found(opening, further))
    assert passages == (opening, further)
