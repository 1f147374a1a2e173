"""The gate lets through what changes nothing, stops what makes answers worse, and says which questions broke."""

from pathlib import Path

import pytest

from evals.comparing import compare_runs
from evals.errors import InvalidChoice
from evals.gate import DEFAULT_MARGINS, breach_lines, judge_gate, margin_on
from evals.metrics.table import METRICS
from evals.questions import Question
from evals.records import AnswerRecord
from evals.scores import Comparison, Verdict
from evals.scoring import score_run
from tests.evals.made_runs import cited, desk_answers, pack_of, passage, write_run

FEW = 300


def judged(
    folder: Path, questions: list[Question], old: list[AnswerRecord], new: list[AnswerRecord], **margins: float
) -> tuple[Verdict, Comparison]:
    before, after = (write_run(folder / name, questions, answers) for name, answers in (("old", old), ("new", new)))
    comparison = compare_runs(before, after, resamples=FEW)
    scored = [score_run(run, resamples=10)[1] for run in (after, before)]
    return judge_gate(comparison, margins or DEFAULT_MARGINS, *scored), comparison


def answerable(questions: list[Question], language: str) -> list[str]:
    return [question.id for question in questions if question.lang == language and question.expected == "answer"]


@pytest.mark.parametrize("count", [1, 3, 60])
def test_identical_runs_pass_however_small_the_set(tmp_path: Path, count: int) -> None:
    questions = pack_of(count, languages=("en", "sr"), unanswerable=2)
    answers = desk_answers(questions, losing=["q2", "q5"])
    verdict, comparison = judged(tmp_path, questions, answers, answers)
    assert verdict.passed
    assert verdict.checked > 0
    assert breach_lines(verdict, comparison)[0].startswith("The gate is passed")


def test_a_loss_in_one_language_is_not_hidden_by_the_others(tmp_path: Path) -> None:
    questions = [*pack_of(400), *(q.model_copy(update={"id": f"sr-{q.id}", "lang": "sr"}) for q in pack_of(100))]
    lost = answerable(questions, "sr")[:9]
    verdict, comparison = judged(
        tmp_path, questions, desk_answers(questions), desk_answers(questions, losing=lost), answer_containment=0.05
    )
    assert not verdict.passed
    assert [breach.slice for breach in verdict.breaches] == ["language=sr"]
    lines = breach_lines(verdict, comparison)
    assert lines[0] == "The gate is not passed: 1 breach."
    assert lines[1].startswith("  answer_containment on language=sr is worse: 1.000 → 0.887, ")
    assert lines[2] == f"    {lost[0]}: answer_containment 1.00 → 0.00"
    assert len(lines) == 2 + 9


def test_one_question_lost_in_a_small_slice_does_not_stop_a_change_and_many_do(tmp_path: Path) -> None:
    questions = [*pack_of(300), *(q.model_copy(update={"id": f"sq-{q.id}", "lang": "sq"}) for q in pack_of(25))]
    lost = answerable(questions, "sq")
    for count, passed in ((1, True), (10, False)):
        folder = tmp_path / str(count)
        folder.mkdir()
        verdict, _ = judged(
            folder, questions, desk_answers(questions), desk_answers(questions, losing=lost[:count]),
            answer_containment=0.02,
        )  # fmt: skip
        assert verdict.passed is passed


def test_what_becomes_better_passes(tmp_path: Path) -> None:
    questions = pack_of(100)
    lost = answerable(questions, "en")[:30]
    verdict, _ = judged(tmp_path, questions, desk_answers(questions, losing=lost), desk_answers(questions))
    assert verdict.passed


def test_a_metric_of_which_less_is_better_fails_when_it_rises(tmp_path: Path) -> None:
    questions = pack_of(100)
    silent = set(answerable(questions, "en")[:20])
    fewer = [
        answer.model_copy(update={"outcome": "NOT_COVERED", "sentences": ()})
        if answer.question_id in silent
        else answer
        for answer in desk_answers(questions)
    ]
    verdict, comparison = judged(tmp_path, questions, desk_answers(questions), fewer, false_refusals=0.02)
    assert [breach.metric for breach in verdict.breaches][0] == "false_refusals"
    assert any("abstention_right 1.00 → 0.00" in line for line in breach_lines(verdict, comparison))


def test_a_single_leak_fails_a_margin_of_nought(tmp_path: Path) -> None:
    questions = pack_of(200)
    answers = desk_answers(questions)
    leaked = [*answers[:-1], answers[-1].model_copy(update={"passages": (passage("drin", audience="staff"),)})]
    verdict, _ = judged(tmp_path, questions, answers, leaked)
    assert {breach.metric for breach in verdict.breaches} == {"audience_leaks"}


def test_a_question_that_may_never_break_fails_however_good_the_mean(tmp_path: Path) -> None:
    questions = [question.model_copy(update={"never_break": question.id in ("q1", "q2")}) for question in pack_of(150)]
    others = [name for name in answerable(questions, "en") if name not in ("q1", "q2")][:40]
    old = desk_answers(questions, losing=[*others, "q1"])
    verdict, comparison = judged(tmp_path, questions, old, desk_answers(questions, losing=["q1", "q2"]))
    assert [breach.question_id for breach in verdict.breaches] == ["q2"]
    assert "  q2 may never break, and did" in breach_lines(verdict, comparison)


def test_questions_that_got_no_answer_any_more_fail(tmp_path: Path) -> None:
    questions = pack_of(40)
    old = write_run(tmp_path / "old", questions, desk_answers(questions))
    new = write_run(tmp_path / "new", questions, desk_answers(questions[:37]), finished=False)
    verdict = judge_gate(compare_runs(old, new, resamples=FEW), {"recall@5": 0.05}, [], [])
    assert [breach.what for breach in verdict.breaches] == ["3 questions answered in old have no answer in new"]


def test_the_margin_grows_with_the_noise_of_a_slice_and_never_below_one_lost_question() -> None:
    assert margin_on(0.02, 1 / 900, 1 / 900) == 0.02
    assert margin_on(0.02, 1 / 225, 1 / 900) == pytest.approx(0.04)
    assert margin_on(0.02, 1 / 10, 1 / 900) == pytest.approx(0.4)
    assert margin_on(0.0, 1 / 10, 1 / 900) == 0.0
    assert margin_on(50, None, None) == 50


def test_how_far_one_question_moves_a_metric_is_counted_in_what_it_divides_by(tmp_path: Path) -> None:
    questions = pack_of(50)
    answers = desk_answers(questions)
    _, comparison = judged(tmp_path, questions, answers, answers)
    steps = {name: comparison.overall[name].step for name in ("recall@5", "risk_score", "false_refusals")}
    assert steps == {"recall@5": pytest.approx(1 / 40), "risk_score": pytest.approx(2 / 50), "false_refusals": 1 / 40}
    assert comparison.overall["balanced_accuracy"].step == pytest.approx(1 / 10 / 2)
    assert comparison.overall["total_p50_ms"].step is None


def test_margins_are_of_metrics_that_there_are(tmp_path: Path) -> None:
    assert DEFAULT_MARGINS.keys() <= METRICS.keys()
    questions = pack_of(10)
    answers = desk_answers(questions)
    verdict, comparison = judged(tmp_path, questions, answers, answers, flag_rate=0.1)
    assert verdict.unchecked == ("flag_rate",)
    assert breach_lines(verdict, comparison)[-1] == "Not in both runs, so not checked: flag_rate."
    with pytest.raises(InvalidChoice, match="no metric 'recal@5'"):
        judge_gate(comparison, {"recal@5": 0.1}, [], [])
    with pytest.raises(InvalidChoice, match="margin of recall@5 is nan"):
        judge_gate(comparison, {"recall@5": float("nan")}, [], [])


def test_quotes_that_stand_nowhere_fail(tmp_path: Path) -> None:
    questions = pack_of(100)
    answers = desk_answers(questions)
    sentence = answers[1].sentences[0].model_copy(update={"citations": (cited("drin", "Made up.", verified=False),)})
    invented = [answers[0], answers[1].model_copy(update={"sentences": (sentence,)}), *answers[2:]]
    verdict, _ = judged(tmp_path, questions, answers, invented)
    assert "quotes_found" in {breach.metric for breach in verdict.breaches}
