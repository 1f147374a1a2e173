"""The library's own questions: those that ship are sound, and a mistake in one is told with its file and line."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from unicodedata import name

import pytest
from typer.testing import CliRunner

import knowledge
from evals.case_lint import drafts, lint
from evals.cases import Case, Translations, as_questions, load_cases, load_translations
from evals.cli import app
from evals.errors import InvalidCases
from knowledge.brief_checks import briefs_in
from knowledge.readers import read_file

LIBRARY = Path(knowledge.__file__).parent / "library"
SCRIPTS = {
    **{"ar": "ARABIC", "ur": "ARABIC", "bn": "BENGALI", "ne": "DEVANAGARI"},
    **{"mk": "CYRILLIC", "sr": "CYRILLIC", "sq": "LATIN", "sr-Latn": "LATIN"},
}
STATEMENT = "The ferry on Lake Komani carries 45 passengers and six cars."
OTHER = "The bakery in Gusinje opens at five in the morning."
TEXTS = {"ferry": f"# The ferry\n\n{STATEMENT} It leaves at nine.", "bakery": OTHER}
GOOD = f"""cases:
  - id: ferry/passengers
    question: How many people fit on the ferry?
    kind: answerable
    evidence:
      - document: ferry
        statement: "{STATEMENT}"
    accepted:
      - [45, forty-five]
  - id: ferry/both
    question: What carries cars, and what opens at five?
    kind: two_documents
    evidence:
      - {{document: ferry, statement: "{STATEMENT}"}}
      - {{document: bakery, statement: "{OTHER}"}}
    accepted:
      - [ferry]
      - [bakery, the baker]
  - id: ferry/near-year
    question: How many passengers did the ferry carry in 1931?
    kind: near_miss
    differs_in: year
"""


def folder_with(folder: Path, text: str = GOOD, **translations: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ferry.yaml").write_text(text, encoding="utf-8")
    (folder / "translations").mkdir(exist_ok=True)
    for language, written in translations.items():
        (folder / "translations" / f"{language}.yaml").write_text(written, encoding="utf-8")
    return folder


def translated(language: str, *identifiers: str) -> str:
    questions = {identifier: f"Pyetja {number}?" for number, identifier in enumerate(identifiers)}
    return f"language: {language}\nreviewed_by_native_speaker: false\nquestions: {json.dumps(questions)}\n"


def every_case() -> list[Case]:
    return [case for file in load_cases() for _, case in file.cases]


# --- the cases that ship --------------------------------------------------------------------------


def test_the_cases_that_ship_are_sound_beside_the_library_that_ships() -> None:
    readings = [read_file(path)[1] for path in briefs_in(LIBRARY)]
    assert lint(load_cases(), load_translations(), {reading.id or "": reading.text for reading in readings}) == []


def test_each_brief_has_four_answerable_questions_and_a_near_miss() -> None:
    kinds = {file.path.stem: Counter(case.kind for _, case in file.cases) for file in load_cases()}
    assert kinds.pop("conversations") and kinds.pop("as-of")
    assert kinds.keys() == {path.stem for path in briefs_in(LIBRARY)}
    assert {brief: counted for brief, counted in kinds.items() if counted["answerable"] < 4} == {}
    assert {brief: counted for brief, counted in kinds.items() if counted["near_miss"] < 1} == {}


def test_near_misses_differ_in_every_way_and_some_questions_need_two_documents() -> None:
    cases = every_case()
    assert {case.differs_in for case in cases} >= {"year", "country", "city", "body", "person"}
    assert sum(case.kind == "two_documents" for case in cases) >= 20


def test_each_language_of_our_readers_has_sixty_translations_and_none_passes_for_reviewed() -> None:
    loaded = {translation.language: translation for translation in load_translations()}
    assert loaded.keys() == SCRIPTS.keys()
    assert {language: len(one.questions) for language, one in loaded.items() if len(one.questions) < 60} == {}
    assert not any(translation.reviewed_by_native_speaker for translation in loaded.values())


def test_the_languages_are_asked_the_same_questions_of_every_kind() -> None:
    loaded = load_translations()
    assert len({frozenset(translation.questions) for translation in loaded}) == 1
    asked = [case for case in every_case() if case.id in loaded[0].questions]
    assert {case.kind for case in asked} == {"answerable", "two_documents", "near_miss"}
    english = {case.question for case in asked}
    for translation in loaded:
        assert not english & set(translation.questions.values())


def test_a_translation_is_written_in_the_script_of_its_language() -> None:
    for translation in load_translations():
        script = SCRIPTS[translation.language]
        for identifier, question in translation.questions.items():
            letters = [name(character).split()[0] for character in question if character.isalpha()]
            # Names and abbreviations may stay in Latin letters.
            assert set(letters) <= {script, "LATIN"} and letters.count(script) >= 5, (identifier, question)


def test_half_of_the_cases_may_be_tuned_on_and_no_case_changes_sides() -> None:
    parts = Counter(case.part for case in every_case())
    assert 0.45 < parts["tuning"] / parts.total() < 0.55
    sides = ["test", "tuning", "tuning", "tuning", "test", "tuning"]
    near_miss = {"question": "Who?", "kind": "near_miss", "differs_in": "year"}
    cases = [Case.model_validate({"id": f"fixed/{number}", **near_miss}) for number in range(len(sides))]
    assert [case.part for case in cases] == sides


# --- reading --------------------------------------------------------------------------------------


def test_a_case_file_is_read_in_its_order_with_the_line_of_each_case(tmp_path: Path) -> None:
    (file,) = load_cases(folder_with(tmp_path))
    assert [(line, case.id) for line, case in file.cases] == [
        (2, "ferry/passengers"),
        (10, "ferry/both"),
        (19, "ferry/near-year"),
    ]
    assert file.cases[1][1].documents == ("ferry", "bakery")


def test_a_number_among_the_accepted_answers_is_read_as_it_would_be_written(tmp_path: Path) -> None:
    (file,) = load_cases(folder_with(tmp_path))
    assert file.cases[0][1].accepted == (("45", "forty-five"),)


WRONG = {
    "a typo in a key": ("    kind: answerable", "    kin: answerable", "ferry.yaml:2: kind: Field required"),
    "an unknown key": ("    kind: near_miss", "    kind: near_miss\n    note: x", "ferry.yaml:19: note: "),
    "an unknown kind": ("    kind: answerable", "    kind: open", "ferry.yaml:2: kind: "),
    "an unknown difference": ("differs_in: year", "differs_in: colour", "ferry.yaml:19: differs_in: "),
    "a near miss that says not in what": ("    differs_in: year\n", "", "ferry.yaml:19: a near miss says in what it"),
    "a near miss with answers": (
        "    differs_in: year",
        "    differs_in: year\n    accepted: [[45]]",
        "ferry.yaml:19: a near miss has no evidence and no accepted answers",
    ),
    "a near miss with evidence": (
        "    differs_in: year",
        "    differs_in: year\n    evidence: [{document: ferry, statement: x}]",
        "ferry.yaml:19: a near miss has no evidence and no accepted answers",
    ),
    "a difference of an answerable one": (
        "    kind: answerable",
        "    kind: answerable\n    differs_in: year",
        "ferry.yaml:2: differs_in is for near misses",
    ),
    "two documents with one": (
        f'      - {{document: bakery, statement: "{OTHER}"}}\n',
        "",
        "ferry.yaml:10: kind is two_documents exactly where",
    ),
    "one document with two": (
        "kind: two_documents",
        "kind: answerable",
        "ferry.yaml:10: kind is two_documents exactly",
    ),
    "no accepted answers": (
        "    accepted:\n      - [45, forty-five]\n",
        "",
        "ferry.yaml:2: an answerable question has",
    ),
    "an empty group": ("[45, forty-five]", "[]", "ferry.yaml:2: accepted.0: "),
    "an empty answer": ("[45, forty-five]", '[45, ""]', "ferry.yaml:2: accepted.0.1: "),
    "a truth as an answer": ("[45, forty-five]", "[45, yes]", "ferry.yaml:2: accepted.0.1: "),
    "an empty question": ("How many people fit on the ferry?", '""', "ferry.yaml:2: question: "),
    "an id that is none": ("id: ferry/both", "id: ferry both", "ferry.yaml:10: id: "),
    "a case that is a text": ("  - id: ferry/near-year", "  - ferry\n  - id: ferry/near-year", "ferry.yaml:19: "),
    "a key given twice": (
        "    kind: two_documents",
        "    kind: two_documents\n    question: Again?",
        "ferry.yaml:13: not YAML: the key question is given twice",
    ),
    "no YAML": ("    kind: answerable", "    kind: [answerable", "ferry.yaml:5: not YAML: "),
    "a tab": ("    kind: answerable", "\tkind: answerable", "ferry.yaml:4: not YAML: "),
    "another key": ("cases:", "case:", "ferry.yaml:1: the file holds one key, cases, with a list under it"),
}


@pytest.mark.parametrize(("right", "wrong", "told"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_case_is_refused_with_file_line_and_key(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert GOOD.count(right) == 1
    with pytest.raises(InvalidCases) as raised:
        load_cases(folder_with(tmp_path, GOOD.replace(right, wrong)))
    assert str(raised.value).startswith(f"{tmp_path}/{told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "ferry.yaml:1: is no mapping"),
        ("# nothing yet\n", "ferry.yaml:1: is no mapping"),
        ("- id: ferry/x\n", "ferry.yaml:1: is no mapping"),
        ("cases: []\n", "ferry.yaml:1: the file holds one key, cases, with a list under it"),
        ("cases: {a: b}\n", "ferry.yaml:1: the file holds one key"),
        ("cases: []\nmore: 1\n", "ferry.yaml:1: the file holds one key"),
        ("cases: \x07", "ferry.yaml: not YAML: "),
        ("cases: !!python/object:os.x {}", "ferry.yaml:1: not YAML: "),
    ],
)
def test_a_file_that_holds_no_cases_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidCases) as raised:
        load_cases(folder_with(tmp_path, text))
    assert str(raised.value).startswith(f"{tmp_path}/{told}")


def test_a_folder_without_cases_and_a_file_that_is_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidCases, match="holds no case file"):
        load_cases(tmp_path)
    (tmp_path / "ferry.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InvalidCases, match=r"ferry\.yaml: .*utf-8"):
        load_cases(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (translated("sr"), "language: is 'sr', and the file is named otherwise"),
        (translated("sq").replace("reviewed_by_native_speaker: false\n", ""), "reviewed_by_native_speaker: "),
        (translated("sq", "ferry/both").replace("Pyetja 0?", ""), "questions.ferry/both: "),
        (translated("sq").replace("language: sq", "language: Albanian"), "language: "),
        ("language: sq\nlanguage: sq\n", "not YAML: the key language is given twice"),
        ("", "is no mapping"),
    ],
)
def test_a_wrong_file_of_translations_is_refused_by_its_name(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidCases) as raised:
        load_translations(folder_with(tmp_path, sq=text))
    assert str(raised.value).startswith(f"{tmp_path}/translations/sq.yaml:")
    assert told in str(raised.value)


def test_a_question_translated_twice_in_one_file_is_refused_and_not_lost(tmp_path: Path) -> None:
    twice = "language: sq\nreviewed_by_native_speaker: false\nquestions:\n  a/b: Një?\n  a/b: Dy?\n"
    with pytest.raises(InvalidCases, match=r"sq\.yaml:5: not YAML: the key a/b is given twice"):
        load_translations(folder_with(tmp_path, sq=twice))


# --- lint -----------------------------------------------------------------------------------------


def linted(folder: Path, texts: dict[str, str] | None = None) -> list[tuple[str, str]]:
    found = lint(load_cases(folder), load_translations(folder), TEXTS if texts is None else texts)
    return [(finding.where, finding.message) for finding in found]


def test_sound_cases_have_no_finding(tmp_path: Path) -> None:
    assert linted(folder_with(tmp_path, sq=translated("sq", "ferry/both", "ferry/near-year"))) == []


def test_a_statement_that_has_left_its_document_is_found_at_every_case_that_rests_on_it(tmp_path: Path) -> None:
    changed = TEXTS | {"ferry": TEXTS["ferry"].replace("45", "48")}
    assert linted(folder_with(tmp_path), changed) == [
        ("ferry.yaml:2", f"stands no more in ferry: “{STATEMENT}”"),
        ("ferry.yaml:10", f"stands no more in ferry: “{STATEMENT}”"),
    ]


def test_a_document_that_is_gone_is_found(tmp_path: Path) -> None:
    assert linted(folder_with(tmp_path), {"ferry": TEXTS["ferry"]}) == [
        ("ferry.yaml:10", "there is no document 'bakery'")
    ]


def test_an_accepted_answer_that_does_not_stand_in_the_evidence_is_found(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, GOOD.replace("[45, forty-five]", "[54, forty-five]").replace("the baker", "x"))
    assert linted(folder) == [("ferry.yaml:2", "no answer of ['54', 'forty-five'] stands in the evidence")]


def test_a_piece_of_a_word_or_figure_is_no_answer(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, GOOD.replace("[45, forty-five]", "[4]"))
    assert linted(folder) == [("ferry.yaml:2", "no answer of ['4'] stands in the evidence")]


def test_an_answer_may_differ_from_the_evidence_in_capitals(tmp_path: Path) -> None:
    assert linted(folder_with(tmp_path, GOOD.replace("[ferry]", "[THE FERRY ON LAKE KOMANI]"))) == []


def test_an_id_and_a_question_that_are_given_twice_are_found_with_the_place_of_the_first(tmp_path: Path) -> None:
    again = (
        GOOD.replace("cases:\n", "")
        .split("  - id: ferry/both")[0]
        .replace("How many people fit", "HOW many  people fit")
    )
    assert linted(folder_with(tmp_path, GOOD + again)) == [
        ("ferry.yaml:23", "the id ferry/passengers was given at ferry.yaml:2"),
        ("ferry.yaml:23", "the same question is asked at ferry.yaml:2"),
    ]


def test_a_case_in_the_file_of_another_brief_is_found(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, GOOD.replace("id: ferry/near-year", "id: bakery/near-year"))
    assert linted(folder) == [("ferry.yaml:19", "the id does not begin with the name of its file, ferry/")]


def test_a_translation_of_no_case_is_found(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, sq=translated("sq", "ferry/both", "ferry/gone"))
    assert linted(folder) == [("translations/sq.yaml", "there is no case ferry/gone")]


# --- the command ----------------------------------------------------------------------------------


def run_lint(folder: Path, documents: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["lint", "--cases", str(folder), "--documents", str(documents)])
    return result.exit_code, result.output


def test_the_command_counts_what_it_read_and_fails_on_a_finding_with_its_place(tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    for identifier, text in (("ferry", TEXTS["ferry"]), ("bakery", OTHER)):
        front = f"id: {identifier}\ntitle: T\ntopic: t\ntheme: reference\nas_of: 2024\nsources: [{{id: s, title: S}}]"
        (documents / f"{identifier}.md").write_text(f"---\n{front}\n---\n{text} [^s]\n", encoding="utf-8")
    folder = folder_with(tmp_path / "cases", sq=translated("sq", "ferry/both"))

    counted = "3 cases in 1 files (1 need two documents, 1 are near misses), 1 translations into 1 languages"
    assert run_lint(folder, documents) == (0, f"{counted} · 0 findings\n")

    (documents / "bakery.md").unlink()
    code, said = run_lint(folder, documents)
    assert code == 1
    assert said.splitlines() == ["ferry.yaml:10: there is no document 'bakery'", f"{counted} · 1 finding"]


def test_the_command_without_options_checks_what_ships() -> None:
    result = CliRunner().invoke(app, ["lint"])
    assert result.exit_code == 0, result.output
    assert result.output.strip().endswith("· 0 findings")


def test_the_command_names_the_file_and_line_of_a_wrong_case(tmp_path: Path) -> None:
    code, said = run_lint(folder_with(tmp_path, GOOD.replace("kind: answerable", "kind: open")), LIBRARY)
    assert code == 1
    assert said.startswith(f"{tmp_path}/ferry.yaml:2: kind: ")


# --- as questions ---------------------------------------------------------------------------------


def test_a_case_becomes_a_question_with_what_it_is_scored_by(tmp_path: Path) -> None:
    files = load_cases(folder_with(tmp_path))
    one, both, near = as_questions(files)
    assert one.model_dump(exclude_defaults=True) == {
        "id": "ferry/passengers@en",
        "pack": "library",
        "question": "How many people fit on the ferry?",
        "gold_doc_ids": ("ferry",),
        "answers": ("45", "forty-five"),
        "evidence": (STATEMENT,),
        "cluster": "ferry/passengers",
        "parallel_id": "ferry/passengers",
        "kind": "answerable",
        "part": files[0].cases[0][1].part,
    }
    assert (both.answers, both.answer_groups) == ((), (("ferry",), ("bakery", "the baker")))
    assert both.gold_doc_ids == ("ferry", "bakery")
    assert (near.expected, near.kind, near.differs_in) == ("abstain", "near_miss", "year")
    assert (near.gold_doc_ids, near.answers, near.answer_groups, near.evidence) == ((), (), (), ())


def test_a_translation_is_a_question_of_its_own_beside_the_english_one(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, sq=translated("sq", "ferry/both"))
    english, albanian = (
        question.model_dump()
        for question in as_questions(load_cases(folder), load_translations(folder))
        if "both" in question.id
    )
    assert {key for key in english if english[key] != albanian[key]} == {"id", "lang", "question"}
    assert (albanian["id"], albanian["lang"], albanian["question"]) == ("ferry/both@sq", "sq", "Pyetja 0?")


def test_a_translation_of_no_case_makes_no_question(tmp_path: Path) -> None:
    stray = Translations(language="sq", reviewed_by_native_speaker=False, questions={"ferry/gone": "Kush?"})
    with pytest.raises(InvalidCases, match="there is no case ferry/gone"):
        as_questions(load_cases(folder_with(tmp_path)), [stray])


FULL = f"""cases:
  - id: ferry/cars
    question: And how many cars?
    language: sr-Latn
    history:
      - {{role: user, text: "How many people fit on the ferry?"}}
      - {{role: assistant, text: Forty-five.}}
    as_of: 2024-03-01
    reader: Partner:Nepal
    topic: ferries
    contradiction: true
    never_break: true
    forbidden: [seven cars]
    kind: answerable
    evidence: [{{document: ferry, statement: "{STATEMENT}"}}]
    accepted: [[six]]
"""


def test_a_case_says_who_asks_when_and_after_what(tmp_path: Path) -> None:
    (question,) = as_questions(load_cases(folder_with(tmp_path, FULL)))
    assert (question.id, question.lang, question.kind) == ("ferry/cars@sr-Latn", "sr-Latn", "follow_up")
    assert [(turn.role, turn.text) for turn in question.history] == [
        ("user", "How many people fit on the ferry?"),
        ("assistant", "Forty-five."),
    ]
    assert (question.as_of, question.reader, question.topic) == (date(2024, 3, 1), "partner:nepal", "ferries")
    assert (question.contradiction, question.never_break, question.forbidden) == (True, True, ("seven cars",))


def test_a_translation_of_a_question_that_may_not_break_may_break(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, FULL, sq=translated("sq", "ferry/cars"))
    asked = as_questions(load_cases(folder), load_translations(folder))
    assert [(question.lang, question.never_break) for question in asked] == [("sr-Latn", True), ("sq", False)]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("as_of: 2024-03-01", "as_of: in March", "as_of: "),
        ("reader: Partner:Nepal", "reader: everybody", "reader: 'everybody' is not an audience"),
        ("language: sr-Latn", "language: Serbian", "language: "),
        ("role: assistant", "role: system", "history.1.role: "),
        ("never_break: true", "never_break: often", "never_break: "),
        ("never_break: true", "never_break: true\n    draft: true", "a draft cannot be never_break"),
    ],
)
def test_a_wrong_word_about_a_question_is_refused_with_its_line(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    with pytest.raises(InvalidCases) as raised:
        load_cases(folder_with(tmp_path, FULL.replace(right, wrong)))
    assert str(raised.value).startswith(f"{tmp_path}/ferry.yaml:2: {told}")


def test_json_lines_hold_the_same_cases_and_name_the_line_of_a_mistake(tmp_path: Path) -> None:
    (yaml_file,) = load_cases(folder_with(tmp_path / "yaml"))
    lines = [case.model_dump_json(exclude_defaults=True) for _, case in yaml_file.cases]
    path = tmp_path / "ferry.jsonl"
    path.write_text("\n".join(["", *lines]) + "\n", encoding="utf-8")
    (file,) = load_cases(path)
    assert [line for line, _ in file.cases] == [2, 3, 4]
    assert [case for _, case in file.cases] == [case for _, case in yaml_file.cases]

    for wrong, told in (
        ("{", "ferry.jsonl:2: not JSON"),
        ('{"id": "ferry/x", "id": "ferry/y"}', "ferry.jsonl:2: not JSON: the key id is given twice"),
        ('{"id": "ferry/x"}', "ferry.jsonl:2: question: "),
    ):
        path.write_text(f"{lines[0]}\n{wrong}\n", encoding="utf-8")
        with pytest.raises(InvalidCases) as raised:
            load_cases(path)
        assert str(raised.value).startswith(f"{tmp_path}/{told}")


DRAFT = """cases:
  - id: ferry/why
    question: Why is the ferry late?
    kind: answerable
    draft: true
  - id: ferry/miss
    question: How late was the ferry in 1931?
    kind: near_miss
    draft: true
"""


def test_a_draft_is_listed_with_what_it_lacks_and_is_not_asked(tmp_path: Path) -> None:
    files = load_cases(folder_with(tmp_path, DRAFT, sq=translated("sq", "ferry/why")))
    assert as_questions(files, load_translations(tmp_path)) == []
    assert lint(files, [], TEXTS) == []
    assert [(each.where, each.message) for each in drafts(files)] == [
        ("ferry.yaml:2", "draft ferry/why: give evidence and accepted, then take out draft"),
        ("ferry.yaml:6", "draft ferry/miss: say in what it differs (differs_in), then take out draft"),
    ]


def test_the_same_words_after_another_conversation_are_another_question(tmp_path: Path) -> None:
    again = FULL.replace("cases:\n", "").replace("ferry/cars", "ferry/again")
    assert linted(folder_with(tmp_path, FULL + again.replace("people fit", "animals fit"))) == []
    assert [message for _, message in linted(folder_with(tmp_path, FULL + again))] == [
        "the same question is asked at ferry.yaml:2"
    ]


def test_a_prompt_that_gives_a_case_away_is_found(tmp_path: Path) -> None:
    files = load_cases(folder_with(tmp_path))
    prompts = {
        "answer.md": "Say what is asked. Example: how many PEOPLE\nfit on the ferry? [1]",
        "other.md": "Nothing.",
    }
    (finding,) = lint(files, [], TEXTS, prompts)
    assert finding.where == "answer.md"
    assert finding.message.startswith("the prompt holds the question of ferry/passengers@en")
