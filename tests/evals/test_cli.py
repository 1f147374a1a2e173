"""``migdesk eval predict``, as a person runs it."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from evals.cli import app
from tests.evals.conftest import Pack
from tests.evals.packs import DOCUMENTS, QUESTIONS, read_lines, write_lines


def _run(pack: Pack, out: Path, *options: str, corpus: Path | None = None, questions: Path | None = None) -> Result:
    arguments = ["predict", "--corpus", corpus or pack.corpus, "--questions", questions or pack.questions]
    arguments += ["--out", out, "--store", pack.stores, "--no-model", *options]
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_pack_is_predicted_into_a_file(pack: Pack, tmp_path: Path) -> None:
    out = tmp_path / "predictions.jsonl"

    result = _run(pack, out)

    assert result.exit_code == 0, result.output
    assert f"{len(QUESTIONS)} predictions in {out}" in result.output
    predictions = read_lines(out)
    assert [prediction["id"] for prediction in predictions] == [question["id"] for question in QUESTIONS]
    assert all(set(prediction) == _FIELDS for prediction in predictions)


_FIELDS = {
    "id", "ranked_doc_ids", "answer_text", "abstained", "cited_doc_ids", "quotes", "clarified", "flagged",
}  # fmt: skip


def test_questions_can_be_chosen_by_language_and_number(pack: Pack, tmp_path: Path) -> None:
    albanian, first = tmp_path / "sq.jsonl", tmp_path / "first.jsonl"

    assert _run(pack, albanian, "--lang", "sq").exit_code == 0
    assert _run(pack, first, "--limit", "2").exit_code == 0

    assert [prediction["id"] for prediction in read_lines(albanian)] == ["q-sq"]
    assert [prediction["id"] for prediction in read_lines(first)] == ["q-ferry", "q-follow-up"]


def test_a_choice_that_leaves_no_question_is_a_mistake(pack: Pack, tmp_path: Path) -> None:
    out = tmp_path / "predictions.jsonl"

    result = _run(pack, out, "--lang", "xx")

    assert result.exit_code == 1
    assert "xx" in result.output
    assert not out.exists()


@pytest.mark.parametrize("broken", ["{not json", '{"id": "q2"}', '{"id": "q2", "question": "Who?", "pool": 3}'])
def test_a_broken_question_is_named_and_nothing_is_written(pack: Pack, tmp_path: Path, broken: str) -> None:
    questions, out = tmp_path / "broken.jsonl", tmp_path / "predictions.jsonl"
    questions.write_text(f'{{"id": "q1", "question": "Who came?"}}\n{broken}\n', encoding="utf-8")

    result = _run(pack, out, questions=questions)

    assert result.exit_code == 1
    assert f"{questions}:2" in result.output
    assert "Traceback" not in result.output
    assert not out.exists()


def test_a_broken_document_is_named_and_nothing_is_written(pack: Pack, tmp_path: Path) -> None:
    corpus, out = tmp_path / "broken-corpus.jsonl", tmp_path / "predictions.jsonl"
    corpus.write_text('{"id": "d1", "title": "", "text": "A document."}\n{"id": "d2"}\n', encoding="utf-8")

    result = _run(pack, out, corpus=corpus)

    assert result.exit_code == 1
    assert f"{corpus}:2" in result.output
    assert not out.exists()


@pytest.mark.parametrize("option", ["--corpus", "--questions"])
def test_a_file_that_is_not_there_is_named(pack: Pack, tmp_path: Path, option: str) -> None:
    absent = tmp_path / "absent.jsonl"
    result = _run(
        pack,
        tmp_path / "out.jsonl",
        corpus=absent if option == "--corpus" else None,
        questions=absent if option == "--questions" else None,
    )

    assert result.exit_code == 1
    assert str(absent) in result.output
    assert "Traceback" not in result.output


def test_an_interrupted_run_leaves_the_older_predictions_as_they_were(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "predictions.jsonl"
    out.write_text("the predictions of yesterday\n", encoding="utf-8")

    async def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("evals.cli.generating.answer_all", interrupted)
    result = _run(pack, out)

    assert result.exit_code == 130
    assert "no predictions were written" in result.output
    assert [entry.name for entry in tmp_path.iterdir()] == [out.name]
    assert out.read_text(encoding="utf-8") == "the predictions of yesterday\n"


def test_a_model_without_key_is_told_before_the_corpus_is_embedded(pack: Pack, tmp_path: Path) -> None:
    corpus = write_lines(tmp_path / "corpus.jsonl", DOCUMENTS[:1])
    stores = tmp_path / "stores"
    result = CliRunner().invoke(
        app,
        ["predict", "--corpus", str(corpus), "--questions", str(pack.questions), "--out", str(tmp_path / "out.jsonl"),
         "--store", str(stores), "--model", "large"],
    )  # fmt: skip

    assert result.exit_code == 1
    assert "OPENAI_API_KEY" in result.output
    assert not stores.exists()


def test_stores_are_kept_in_the_data_directory_unless_told_otherwise(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIGDESK_DATA", str(tmp_path / "data"))
    corpus = write_lines(tmp_path / "corpus.jsonl", DOCUMENTS[:1])
    arguments = ["predict", "--corpus", str(corpus), "--questions", str(pack.questions), "--no-model"]

    result = CliRunner().invoke(app, [*arguments, "--out", str(tmp_path / "out.jsonl"), "--limit", "1"])

    assert result.exit_code == 0, result.output
    assert len(list((tmp_path / "data" / "evals").iterdir())) == 1


def test_help_tells_what_the_command_is_for() -> None:
    result = CliRunner().invoke(app, ["predict", "--help"])

    assert result.exit_code == 0
    assert "Answer every question of a pack" in result.output
