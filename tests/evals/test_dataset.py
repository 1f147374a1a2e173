"""Question packs, read with errors that name file and line."""

from pathlib import Path

import pytest

from evals.dataset import load_pack
from evals.errors import InvalidPack
from evals.questions import Question
from tests.evals.packs import write_lines

_GOOD = '{"id": "q1", "question": "Who came?"}'


# --- reading --------------------------------------------------------------------------------------


def test_a_pack_is_read_in_its_order_with_what_is_null_left_out_and_what_is_not_ours_ignored(tmp_path: Path) -> None:
    (tmp_path / "birds").mkdir()
    path = write_lines(
        tmp_path / "birds" / "questions.jsonl",
        [
            {"id": f"q{n}", "question": "Who?", "lang": "bn", "answers": ["a crane"], "answer_groups": None,
             "history": None, "gold_groups": None, "evidence_lines": [1], "split": "train"}
            for n in (2, 1, 3)
        ],
    )  # fmt: skip

    questions = load_pack(path)

    assert [question.id for question in questions] == ["q2", "q1", "q3"]
    assert (questions[0].lang, questions[0].answers_wanted, questions[0].pack) == ("bn", (("a crane",),), "birds")


def test_what_a_pack_leaves_out_is_told_from_what_it_says(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "questions.jsonl",
        [
            {"id": "q1", "question": "Who?", "answerable": False, "parallel_id": "7"},
            {"id": "q2", "question": "Who?", "answerable": False, "expected": "clarify", "cluster": "c"},
            {"id": "q3", "question": "Who?"},
        ],
    )

    questions = load_pack(path)

    assert [question.expected for question in questions] == ["abstain", "clarify", "answer"]
    assert [question.cluster for question in questions] == ["7", "c", "q3"]


def test_blank_lines_and_line_separators_inside_a_text_end_no_question(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f'\n{_GOOD}\n  \n{{"id": "q2", "question": "Who\u2028came?\x85"}}\r\n\n', encoding="utf-8")

    assert [question.question for question in load_pack(path)] == ["Who came?", "Who\u2028came?\x85"]


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
        ('{"id": "q2", "question": "Who?", "expected": "guess"}', "expected"),
        ('{"id": "q2", "question": "Who?", "reader": "everybody"}', "reader: 'everybody' is not an audience"),
        ('{"id": "q2", "question": "Who?", "as_of": "yesterday"}', "as_of"),
        ('{"id": "q2", "question": " "}', "question"),
        ('{"id": "q1", "question": "Who else?"}', "q1"),
    ],
)
def test_a_wrong_line_is_named_with_its_file_number_and_field(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{_GOOD}\n\n{line}\n", encoding="utf-8")

    with pytest.raises(InvalidPack) as raised:
        load_pack(path)

    assert f"{path}:3" in str(raised.value)
    assert told in str(raised.value)


def test_a_pack_that_is_not_there_empty_or_not_text_is_named(tmp_path: Path) -> None:
    empty, binary = tmp_path / "empty.jsonl", tmp_path / "binary.jsonl"
    empty.write_text("\n \n", encoding="utf-8")
    binary.write_bytes(b'{"id": "\xff\xfe"}')

    for path in (tmp_path / "absent.jsonl", tmp_path, empty, binary):
        with pytest.raises(InvalidPack) as raised:
            load_pack(path)
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
    question = Question.model_validate({"id": "q", "question": "Who?", **fields})

    assert question.on_offer() == offered
