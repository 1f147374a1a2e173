"""Question packs that are read with errors naming file and line, predictions that are written whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.dataset import PackQuestion, Prediction, Quoted, load_questions, write_predictions
from evals.errors import InvalidPack
from tests.evals.packs import read_lines, write_lines

_GOOD = '{"id": "q1", "question": "Who came?"}'


def _prediction(identifier: str) -> Prediction:
    return Prediction(
        id=identifier,
        ranked_doc_ids=("d1", "d2"),
        answer_text="Nepal – и Србија.",
        abstained=False,
        cited_doc_ids=("d1",),
        quotes=(Quoted(doc_id="d1", text="Nepal"),),
        clarified=False,
    )


# --- reading --------------------------------------------------------------------------------------


def test_a_pack_is_read_in_its_order_and_its_gold_answers_are_left_in_the_file(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "questions.jsonl",
        [{"id": f"q{n}", "question": "Who?", "lang": "bn", "answers": ["secret"], "evidence": {}} for n in (2, 1, 3)],
    )

    questions = load_questions(path)

    assert [question.id for question in questions] == ["q2", "q1", "q3"]
    assert questions[0].lang == "bn"
    assert "secret" not in repr(questions)


def test_blank_lines_and_line_separators_inside_a_text_end_no_question(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f'\n{_GOOD}\n  \n{{"id": "q2", "question": "Who\u2028came?\x85"}}\r\n\n', encoding="utf-8")

    assert [question.question for question in load_questions(path)] == ["Who came?", "Who\u2028came?\x85"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{not json", "JSON"),
        ('"only a text"', ""),
        ("[1, 2]", ""),
        ("null", ""),
        ('{"question": "Who?"}', "id"),
        ('{"id": "q2"}', "question"),
        ('{"id": 7, "question": "Who?"}', "id"),
        ('{"id": "q2", "question": "Who?", "abstain_scope": "everything"}', "abstain_scope"),
        ('{"id": "q2", "question": "Who?", "history": [{"role": "system", "text": "x"}]}', "history.0.role"),
        ('{"id": "q2", "question": "Who?", "pool": "d1"}', "pool"),
        ('{"id": "q2", "question": "Who?", "abstain_scope": "pool"}', "pool"),
        ('{"id": "q2", "question": "Who?", "abstain_scope": "source_doc"}', "source_doc"),
        ('{"id": "q2", "question": " "}', "question"),
        ('{"id": "q1", "question": "Who else?"}', "q1"),
    ],
)
def test_a_wrong_line_is_named_with_its_file_number_and_field(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{_GOOD}\n\n{line}\n", encoding="utf-8")

    with pytest.raises(InvalidPack) as raised:
        load_questions(path)

    assert f"{path}:3" in str(raised.value)
    assert told in str(raised.value)


def test_a_pack_that_is_not_there_empty_or_not_text_is_named(tmp_path: Path) -> None:
    empty, binary = tmp_path / "empty.jsonl", tmp_path / "binary.jsonl"
    empty.write_text("\n \n", encoding="utf-8")
    binary.write_bytes(b'{"id": "\xff\xfe"}')

    for path in (tmp_path / "absent.jsonl", tmp_path, empty, binary):
        with pytest.raises(InvalidPack) as raised:
            load_questions(path)
        assert str(path) in str(raised.value)


@pytest.mark.parametrize(
    ("fields", "offered"),
    [
        ({}, None),
        ({"abstain_scope": "corpus"}, None),
        ({"abstain_scope": "corpus", "source_doc_id": "d1", "pool": ["d2"]}, None),
        ({"source_doc_id": "d1", "pool": ["d2"]}, None),
        ({"abstain_scope": "source_doc", "source_doc_id": "d1", "pool": ["d2"]}, {"d1"}),
        ({"abstain_scope": "pool", "source_doc_id": "d1", "pool": ["d2", "d3", "d2"]}, {"d2", "d3"}),
    ],
)
def test_a_question_is_offered_only_what_its_scope_names(fields: dict[str, object], offered: set[str] | None) -> None:
    question = PackQuestion.model_validate({"id": "q", "question": "Who?", **fields})

    assert question.on_offer() == offered


# --- writing --------------------------------------------------------------------------------------


def test_predictions_are_written_one_a_line_in_the_format_of_the_packs(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "predictions.jsonl"

    write_predictions(path, [_prediction("q2"), _prediction("q1")])

    assert read_lines(path) == [
        {
            "id": identifier,
            "ranked_doc_ids": ["d1", "d2"],
            "answer_text": "Nepal – и Србија.",
            "abstained": False,
            "cited_doc_ids": ["d1"],
            "quotes": [{"doc_id": "d1", "text": "Nepal"}],
            "clarified": False,
            "flagged": False,
        }
        for identifier in ("q2", "q1")
    ]
    assert "Србија" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError, OSError])
@pytest.mark.parametrize("before", [None, "the predictions of yesterday\n"])
def test_predictions_that_are_interrupted_leave_the_file_as_it_was(
    tmp_path: Path, interruption: type[BaseException], before: str | None
) -> None:
    path = tmp_path / "predictions.jsonl"
    if before is not None:
        path.write_text(before, encoding="utf-8")

    def until_interrupted() -> Iterator[Prediction]:
        yield _prediction("q1")
        raise interruption

    with pytest.raises((interruption, InvalidPack)):
        write_predictions(path, until_interrupted())

    assert [entry.name for entry in tmp_path.iterdir()] == ([] if before is None else [path.name])
    assert before is None or path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("out", ["a-file/predictions.jsonl", "a-folder"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, out: str) -> None:
    (tmp_path / "a-file").write_text("", encoding="utf-8")
    (tmp_path / "a-folder").mkdir()

    with pytest.raises(InvalidPack) as raised:
        write_predictions(tmp_path / out, [_prediction("q1")])

    assert f"{tmp_path / out} cannot be written" in str(raised.value)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a-file", "a-folder"]
