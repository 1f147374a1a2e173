from dataclasses import replace

import pytest

from assistant.fitting import fitting
from knowledge.search import Found
from knowledge.types import Retrieved, Subject
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


def test_across_languages_only_the_years_are_compared() -> None:
    asked = "कति अनुमति Croatia ले २०२३ मा दियो?"
    assert [item.source.id for item in fitting(asked, found(SERBIA, SKOPJE), same_language=False)[0]] == ["serbia"]
    assert fitting("कति अनुमति २०१९ मा दियो?", found(SERBIA, SKOPJE), same_language=False) == ((), ["2019"])
