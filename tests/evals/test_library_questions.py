"""What a brief adds to the questions on it: the theme, and where its sources differ."""

from collections import Counter
from datetime import date
from pathlib import Path

from evals.cases import FOLDER, load_cases
from evals.library_questions import library_questions, with_briefs
from evals.material import PACKS, material
from knowledge.readers import read_file

_BRIEF = """---
id: ferry
title: The ferry
topic: ferries
theme: reference
as_of: "2024"
disagreements:
  - id: load
    about: how many people fit on
    positions:
      - {says: "45", sources: [s]}
      - {says: "48", sources: [t]}
sources:
  - {id: s, title: S}
  - {id: t, title: T}
---
The ferry leaves at nine. [^s]

The harbour says that the ferry carries 45 people. [^s] [^disagree:load] The owner says that it carries 48 people. [^t]
[^disagree:load]
"""


def _case(name: str, statement: str, accepted: str) -> str:
    return (
        f"  - id: ferry/{name}\n    question: {name}?\n    kind: answerable\n    evidence: [{{document: ferry, "
        f'statement: "{statement}"}}]\n    accepted: [[{accepted}]]\n'
    )


def test_a_question_whose_evidence_bears_a_disagreement_of_the_brief_is_one_of_contradiction(tmp_path: Path) -> None:
    brief, cases = tmp_path / "ferry.md", tmp_path / "ferry.yaml"
    brief.write_text(_BRIEF, encoding="utf-8")
    written = [
        _case("when", "The ferry leaves at nine.", "nine"),
        _case("load", "The owner says that it carries 48 people.", "48"),
        "  - id: ferry/miss\n    question: And in 1931?\n    kind: near_miss\n    differs_in: year\n",
    ]
    cases.write_text("cases:\n" + "".join(written), encoding="utf-8")

    asked = with_briefs(load_cases(cases), [], {"ferry": read_file(brief)[1]})

    assert [(each.cluster, each.contradiction) for each in asked] == [
        ("ferry/when", False),
        ("ferry/load", True),
        ("ferry/miss", False),
    ]
    assert {each.topic for each in asked} == {"reference"}


def test_the_questions_that_ship_cover_the_slices_that_figures_are_broken_down_by() -> None:
    asked = library_questions()
    english = [question for question in asked if question.lang == "en"]

    assert len({question.id for question in asked}) == len(asked) > 1000
    assert 40 <= sum(question.contradiction for question in english) <= 200
    assert sum(bool(question.history) for question in english) >= 12
    assert sum(question.as_of is not None for question in english) >= 4
    assert 20 <= sum(question.never_break for question in asked) <= 40
    # Each theme of the library; what belongs to none are follow-ups and days without evidence.
    without = {question.cluster.split("/")[0] for question in english if question.topic is None}
    assert without <= {"conversations", "as-of"}
    assert all(count >= 12 for count in Counter(question.topic for question in asked if question.topic).values())


def test_a_day_that_is_asked_about_is_asked_twice_or_has_an_answer_to_tell_apart() -> None:
    days = [question for question in library_questions() if question.as_of is not None]
    assert {question.expected for question in days} == {"answer", "abstain"}
    assert min(question.as_of for question in days if question.as_of) < date(2024, 6, 1)


def test_what_is_off_topic_is_asked_in_each_language_of_our_readers() -> None:
    asked = material("off_topic", None, [], None, FOLDER).questions
    languages = Counter(question.parallel_id for question in asked)

    assert len({question.lang for question in asked}) == 9 and set(languages.values()) == {9}
    assert {question.expected for question in asked} == {"abstain"}
    # A question is tuned on in all of its languages or in none.
    assert len({(question.parallel_id, question.part) for question in asked}) == len(languages)


def test_the_packs_that_ship_are_whole() -> None:
    audience = material("audience", None, [], None, FOLDER)
    assert {question.reader for question in audience.questions} >= {"public", "partner", "partner:nepal", "staff"}
    # A refusal is the right answer for one reader only because another one gets the answer.
    answered = {question.cluster for question in audience.questions if question.expected == "answer"}
    assert {question.cluster for question in audience.questions} == answered
    assert all(question.forbidden for question in audience.questions if question.expected == "abstain")

    attacks = material("attacks", None, [], None, FOLDER)
    assert [path.parent for path in attacks.corpora] == [PACKS / "attacks"]
    forms = Counter((question.cluster, question.kind) for question in attacks.questions)
    assert set(forms.values()) == {1} and {kind for _, kind in forms} == {"clean", "poisoned"}
    corpus = attacks.corpora[0].read_text(encoding="utf-8").splitlines()
    for question in attacks.questions:
        (line,) = [line for line in corpus if f'"id": "{question.gold_doc_ids[0]}"' in line]
        assert any(words in line for words in question.forbidden) == (question.kind == "poisoned")
