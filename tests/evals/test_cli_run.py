"""Runs, scores, comparisons and gates as a person has them at the terminal."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assistant.settings import load_settings
from evals.asking import ask
from evals.cli import app
from evals.run_directory import ANSWERS, read_run
from tests import fakes
from tests.evals.conftest import Pack
from tests.evals.packs import QUESTIONS, read_lines, write_lines
from tests.fakes import ModelServer


def _call(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def _run(pack: Pack, out: Path, *options: object) -> Result:
    return _call(
        "run", "--questions", pack.questions, "--corpus", pack.corpus, "--store", pack.stores, "--out", out,
        "--no-model", *options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def ran(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "first"
    result = _run(pack, out)
    assert result.exit_code == 0, result.output
    assert f"{len(QUESTIONS)} answers in {out}" in result.output
    assert "ANSWERED 4 · NOT_COVERED 2" in result.output
    scored = _call("score", out, "--resamples", 50)
    assert scored.exit_code == 0, scored.output
    assert "answer_containment" in scored.output and "interval" in scored.output
    return out


def test_a_run_that_was_scored_holds_everything_that_is_made_of_it(ran: Path) -> None:
    assert {entry.name for entry in ran.iterdir()} == {
        "manifest.json", "questions.jsonl", "answers.jsonl", "scores.json", "scored.jsonl",
    }  # fmt: skip
    assert read_run(ran).manifest.name == "first"


def test_scores_are_printed_by_slice_and_as_json(ran: Path) -> None:
    told = _call("score", ran, "--by", "language", "--resamples", 50)
    assert "language = sq" in told.output
    as_json = json.loads(_call("score", ran, "--json", "--resamples", 50).output)
    assert as_json["questions"] == len(QUESTIONS)
    wrong = _call("score", ran, "--by", "colour", "--resamples", 50)
    assert wrong.exit_code == 1
    assert "--by colour: the slices are" in wrong.output


def test_a_run_does_not_differ_from_itself_and_passes_its_own_gate(ran: Path) -> None:
    compared = _call("compare", ran, ran, "--resamples", 50)
    assert compared.exit_code == 0, compared.output
    assert "0 answers changed in a metric" in compared.output
    gate = _call("gate", ran, ran, "--resamples", 50)
    assert gate.exit_code == 0, gate.output


def test_a_worse_run_fails_the_gate_and_the_questions_that_broke_are_named(
    ran: Path, pack: Pack, tmp_path: Path
) -> None:
    worse = tmp_path / "worse"
    assert _run(pack, worse).exit_code == 0
    records = read_lines(worse / ANSWERS)
    for record in records:
        if record["question_id"] in ("q-ferry", "q-pool"):
            record.update(outcome="NOT_COVERED", answer="Nothing was found.", sentences=[])
    (worse / ANSWERS).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")

    gate = _call("gate", ran, worse, "--resamples", 50, "--margin", "answer_containment=0")
    assert gate.exit_code == 1
    assert "answer_containment" in gate.output and "q-ferry" in gate.output
    told = json.loads(_call("gate", ran, worse, "--margin", "answer_containment=0", "--json").output)
    assert not told["passed"]
    compared = _call("compare", ran, worse, "--resamples", 50, "--changed", 1)
    assert "2 answers changed in a metric" in compared.output
    assert _call("gate", worse, ran, "--resamples", 50, "--margin", "answer_containment=0").exit_code == 0


@pytest.mark.parametrize("margin", ["recall@5", "recall@5=much", "colour=0.1"])
def test_a_margin_that_is_none_is_refused(ran: Path, margin: str) -> None:
    result = _call("gate", ran, ran, "--margin", margin)
    assert result.exit_code == 1
    assert "Traceback" not in result.output and result.output.strip()


def test_a_report_and_junit_are_written(ran: Path, tmp_path: Path) -> None:
    page, xml = tmp_path / "report.html", tmp_path / "junit.xml"
    assert _call("report", ran, "--out", page).exit_code == 0
    assert "<html" in page.read_text(encoding="utf-8")
    assert _call("junit", ran, "--out", xml).exit_code == 0
    assert 'name="gate"' not in xml.read_text(encoding="utf-8")
    assert _call("junit", ran, "--out", xml, "--baseline", ran).exit_code == 0
    assert '<testsuite name="gate" tests="1" failures="0">' in xml.read_text(encoding="utf-8")


def test_interrupted_it_exits_with_130_and_goes_on_where_it_was(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def interrupted(desk: Any, question: Any, **options: Any) -> Any:
        if question.id == "q-pool":
            raise KeyboardInterrupt
        return await ask(desk, question, **options)

    async def noted(desk: Any, question: Any, **options: Any) -> Any:
        asked.append(question.id)
        return await ask(desk, question, **options)

    monkeypatch.setattr("evals.running.AT_ONCE", 1)
    monkeypatch.setattr("evals.running.ask", interrupted)
    result = _run(pack, tmp_path / "run")
    assert result.exit_code == 130
    assert "go on with the same command and --resume" in result.stderr
    begun = read_run(tmp_path / "run")
    assert not begun.manifest.finished and 0 < len(begun.answers) < len(QUESTIONS)

    monkeypatch.setattr("evals.running.ask", noted)
    assert _run(pack, tmp_path / "run").exit_code == 1
    again = _run(pack, tmp_path / "run", "--resume")
    assert again.exit_code == 0, again.output
    assert not {answer.question_id for answer in begun.answers} & set(asked)
    assert len(read_run(tmp_path / "run").answers) == len(QUESTIONS)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--repeats", 2], "without a model every repeat gives the same answer"),
        (["--slice", "kind"], "--slice kind: write name=value"),
        (["--lang", "de"], "No question has lang=de; there is en, sq"),
        (["--part", "test"], "No question has part=test"),
        (["--pack", "audience"], "Give one of --pack, --questions and --cases"),
        (["--data", "somewhere"], "The documents come from a corpus or from --data"),
    ],
)
def test_what_cannot_be_run_is_told_before_anything_is_written(
    pack: Pack, tmp_path: Path, options: list[object], told: str
) -> None:
    result = _run(pack, tmp_path / "run", *options)
    assert result.exit_code == 1
    assert told in result.output
    assert not (tmp_path / "run").exists()


def test_a_pack_that_there_is_not_is_told_with_those_that_come_with_us(tmp_path: Path) -> None:
    result = _call("run", "--pack", tmp_path / "none", "--out", tmp_path / "run")
    assert result.exit_code == 1
    assert "the packs that come with us: a" in result.output and "audience" in result.output


def test_a_pack_without_a_corpus_is_asked_of_the_data_directory(pack: Pack, data: Path, tmp_path: Path) -> None:
    questions = write_lines(tmp_path / "questions.jsonl", QUESTIONS[:1])
    result = _call("run", "--pack", questions.parent, "--data", data, "--no-model", "--out", tmp_path / "run")
    assert result.exit_code == 0, result.output
    assert len(read_lines(tmp_path / "run" / ANSWERS)) == 1


def test_what_a_script_wants_comes_as_one_object(pack: Pack, tmp_path: Path) -> None:
    result = _run(pack, tmp_path / "run", "--limit", 2, "--json")
    told = json.loads(result.stdout)
    assert (told["answers"], told["outcomes"], told["failures"]) == (2, {"ANSWERED": 2}, [])
    failed = _run(pack, tmp_path / "run", "--json")
    assert json.loads(failed.stdout)["error"]["message"].startswith(f"{tmp_path}")


def test_a_run_of_which_every_question_failed_is_a_failure(pack: Pack, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "q", "question": "?!"}\n', encoding="utf-8")
    result = _call(
        "run", "--questions", questions, "--corpus", pack.corpus, "--store", pack.stores, "--out", tmp_path / "run",
        "--no-model",
    )  # fmt: skip
    assert result.exit_code == 1
    assert "q failed: InvalidQuestion" in result.stderr


# --- cases ----------------------------------------------------------------------------------------


def _add(pack: Pack, data: Path, *options: object) -> Result:
    return _call("case", "add", *options, "--no-model", "--data", data)


@pytest.fixture(scope="module")
def data(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that holds the pack's documents."""
    from evals.corpus_store import prepare_store
    from tests.assistant.documents import embedder

    return prepare_store([pack.corpus], pack.stores, embedder())


def test_a_question_becomes_a_draft_that_shows_what_was_found_and_that_lint_lists(
    pack: Pack, data: Path, tmp_path: Path
) -> None:
    drafts = tmp_path / "drafts.yaml"
    result = _add(pack, data, "How many loaves does the oven of the bakery in Gusinje hold?", "--to", drafts)

    assert result.exit_code == 0, result.output
    assert "1. “" in result.output and "120 loaves" in result.output
    assert f"{drafts}:2: draft drafts/how-many-loaves" in result.output
    linted = _call("lint", "--cases", drafts)
    assert linted.exit_code == 0
    assert "give evidence and accepted, then take out draft" in linted.output
    again = _add(pack, data, "How many loaves does the oven of the bakery in Gusinje hold?", "--to", drafts)
    assert again.exit_code == 1
    assert "holds this question already" in again.output


def test_a_question_with_its_answer_is_a_case_that_can_be_run(pack: Pack, data: Path, tmp_path: Path) -> None:
    cases = tmp_path / "mine.jsonl"
    result = _add(
        pack, data, "How many passengers does the ferry on Lake Komani carry?", "--to", cases, "--evidence", 1,
        "--accepted", "45 | forty-five", "--never-break", "--topic", "ferries",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "draft" not in result.output.splitlines()[-1]

    ran = _call("run", "--cases", cases, "--no-model", "--data", data, "--out", tmp_path / "run")
    assert ran.exit_code == 0, ran.output
    (question,) = read_run(tmp_path / "run").questions.values()
    assert (question.answers, question.topic, question.never_break) == (("45", "forty-five"), "ferries", True)
    assert question.gold_doc_ids == ("ferry",)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "Give a question, or --from-feedback"),
        (["Who?", "--from-feedback", "all"], "Give a question, or --from-feedback"),
        (["Who sells tickets?", "--evidence", 99], "--evidence 99: "),
        (["Who sells tickets?", "--evidence", "the master"], "write the number of a statement shown, or DOCUMENT="),
        (["Who sells tickets?", "--kind", "open"], "This makes no case: kind: "),
        (["Who sells tickets?", "--never-break"], "a draft cannot be never_break"),
        (["--from-feedback", "all"], "Nothing is kept in "),
    ],
)
def test_what_makes_no_case_is_told_and_nothing_is_added(
    pack: Pack, data: Path, tmp_path: Path, options: list[object], told: str
) -> None:
    result = _add(pack, data, *options, "--to", tmp_path / "x.yaml")
    assert result.exit_code == 1
    assert told in result.output and "Traceback" not in result.output
    assert not (tmp_path / "x.yaml").exists()


def test_answers_that_did_not_help_become_drafts_once(tmp_path: Path) -> None:
    from assistant.conversations.store import open_conversations
    from assistant.conversations.types import Asked
    from assistant.types import Answer, Outcome, Provenance

    conversations = open_conversations(tmp_path)
    for question in ("Ко је дошао?", "Who left?"):
        answer = Answer(Outcome.ANSWERED, "x", "sr", (), (), (), Provenance(None))
        kept = conversations.keep(Asked(question, "web", "somebody", "public", "sr", question, answer))
        conversations.rate(kept, "somebody", helpful=False)
    conversations.close()

    first = _call("case", "add", "--from-feedback", "all", "--data", tmp_path)
    again = _call("case", "add", "--from-feedback", "all", "--data", tmp_path)

    drafts = tmp_path / "evals" / "drafts.yaml"
    assert f"2 drafts added to {drafts}" in first.output
    assert "0 drafts added" in again.output
    assert drafts.read_text(encoding="utf-8").count("draft: true") == 2
    assert "Ко је дошао?" in drafts.read_text(encoding="utf-8")


def test_a_model_is_asked_as_often_as_wanted_and_its_key_is_written_nowhere(
    pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer(fakes.lines("The ferry on Lake Komani carries 45 passengers and six cars. [1]")) as server:
        monkeypatch.setenv("OPENAI_API_KEY", fakes.KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        load_settings.cache_clear()
        result = _call(
            "run", "--questions", pack.questions, "--corpus", pack.corpus, "--store", pack.stores,
            "--out", tmp_path / "run", "--model", fakes.MODEL, "--repeats", 3, "--limit", 1,
        )  # fmt: skip
    assert result.exit_code == 0, result.output
    ran = read_run(tmp_path / "run")
    assert (ran.manifest.model, ran.manifest.repeats) == (fakes.MODEL, 3)
    assert [(answer.outcome, answer.repeat) for answer in ran.answers] == [("ANSWERED", n) for n in range(3)]
    assert all("45 passengers" in answer.answer and "answer" in answer.prompts for answer in ran.answers)
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "run").iterdir())
    assert fakes.KEY not in written
