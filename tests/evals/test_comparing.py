"""Two runs side by side: deliberately different ones differ, identical ones do not, unlike ones are refused."""

from pathlib import Path

import pytest

from evals.comparing import compare_runs
from evals.errors import InvalidRun
from evals.scoring import score_run, write_scores
from tests.evals.made_runs import desk_answers, pack_of, write_run

FEW = 300


def test_a_worse_configuration_is_found_and_its_questions_are_named(tmp_path: Path) -> None:
    questions = pack_of(300, languages=("en", "sr", "sq"))
    lost = [question.id for question in questions if question.lang == "sr" and question.expected == "answer"][:30]
    old = write_run(tmp_path / "old", questions, desk_answers(questions))
    new = write_run(tmp_path / "new", questions, desk_answers(questions, losing=lost))
    comparison = compare_runs(old, new, resamples=FEW)

    containment = comparison.overall["answer_containment"]
    assert (comparison.paired, comparison.only_old, comparison.only_new) == (300, 0, 0)
    assert containment.difference == pytest.approx(-30 / 240)
    assert containment.high is not None
    assert containment.high < 0
    assert containment.p_adjusted is not None
    assert containment.p_adjusted < 0.05
    assert containment.detectable is not None
    assert containment.detectable < 30 / 240

    serbian, albanian = (comparison.slices["language"][language]["answer_containment"] for language in ("sr", "sq"))
    assert serbian.p_adjusted is not None
    assert serbian.p_adjusted < 0.05
    assert (albanian.difference, albanian.low, albanian.high, albanian.p) == (0.0, 0.0, 0.0, 1.0)

    assert {changed.question_id for changed in comparison.changed} == set(lost)
    first = comparison.changed[0]
    assert first.metrics["answer_containment"] == (1.0, 0.0)
    assert first.metrics["recall@1"] == (1.0, 0.0)
    assert first.metrics["citation_precision"] == (1.0, 0.0)
    assert first.slices["language"] == "sr"


def test_identical_configurations_do_not_differ_in_anything(tmp_path: Path) -> None:
    questions = pack_of(60, languages=("en", "sr"))
    answers = desk_answers(questions, losing=["q2", "q7", "q11"])
    old, new = (write_run(tmp_path / name, questions, answers) for name in ("old", "new"))
    comparison = compare_runs(old, new, resamples=FEW)
    assert comparison.changed == ()
    told = [*comparison.overall.values()]
    told += [each for values in comparison.slices.values() for by_name in values.values() for each in by_name.values()]
    assert len(told) > 100
    assert {each.difference for each in told} == {0.0}
    assert {bound for each in told for bound in (each.low, each.high)} == {0.0, None}
    assert {each.p for each in told} == {1.0, None}


def test_a_difference_that_chance_explains_is_not_called_one(tmp_path: Path) -> None:
    questions = pack_of(200)
    answerable = [question.id for question in questions if question.expected == "answer"]
    old = write_run(tmp_path / "old", questions, desk_answers(questions, losing=answerable[:8]))
    new = write_run(tmp_path / "new", questions, desk_answers(questions, losing=answerable[8:17]))
    difference = compare_runs(old, new, resamples=FEW).overall["answer_containment"]
    assert difference.difference < 0
    assert difference.low is not None
    assert difference.high is not None
    assert difference.low < 0 < difference.high
    assert difference.p is not None
    assert difference.p > 0.5


def test_silence_is_tested_although_it_is_no_mean(tmp_path: Path) -> None:
    questions = pack_of(200)
    near = [question.id for question in questions if question.expected == "abstain"]
    old = write_run(tmp_path / "old", questions, desk_answers(questions))
    new = write_run(tmp_path / "new", questions, desk_answers(questions, losing=near[:20]))
    difference = compare_runs(old, new, resamples=FEW).overall["balanced_accuracy"]
    assert difference.difference == pytest.approx(-20 / 40 / 2)
    assert difference.p is not None
    assert difference.p < 0.01


def test_repeats_are_averaged_before_runs_are_paired(tmp_path: Path) -> None:
    questions = pack_of(50, unanswerable=100)
    old = write_run(tmp_path / "old", questions, desk_answers(questions))
    once = [*desk_answers(questions), *desk_answers(questions, losing=["q3"], repeat=1)]
    new = write_run(tmp_path / "new", questions, once, repeats=2)
    comparison = compare_runs(old, new, resamples=FEW)
    assert comparison.overall["recall@1"].difference == pytest.approx(-0.5 / 49)
    assert [changed.metrics["recall@1"] for changed in comparison.changed] == [(1.0, 0.5)]


def test_runs_on_other_data_are_refused_unless_one_insists(tmp_path: Path) -> None:
    questions = pack_of(30)
    altered = [questions[1].model_copy(update={"answers": ("336 km",)}), *questions[2:28]]
    old = write_run(tmp_path / "old", questions, desk_answers(questions))
    new = write_run(tmp_path / "new", altered, desk_answers(altered), data={"made": "2"})
    with pytest.raises(InvalidRun, match="old and new cannot be compared: they differ in made"):
        compare_runs(old, new, resamples=FEW)
    comparison = compare_runs(old, new, resamples=FEW, anyway=True)
    assert (comparison.paired, comparison.only_old, comparison.altered) == (26, 3, 1)
    assert comparison.changed == ()


def test_what_a_question_is_counted_under_may_change(tmp_path: Path) -> None:
    questions = pack_of(10)
    moved = [question.model_copy(update={"topic": "rivers", "never_break": True}) for question in questions]
    old = write_run(tmp_path / "old", questions, desk_answers(questions))
    new = write_run(tmp_path / "new", moved, desk_answers(moved), data={"made": "2"})
    assert compare_runs(old, new, resamples=FEW, anyway=True).paired == 10


def test_an_offer_of_the_whole_corpus_is_another_task(tmp_path: Path) -> None:
    questions = pack_of(10)
    old = write_run(tmp_path / "old", questions, desk_answers(questions))
    new = write_run(tmp_path / "new", questions, desk_answers(questions), whole_corpus=True)
    with pytest.raises(InvalidRun, match="what was on offer"):
        compare_runs(old, new)


@pytest.mark.parametrize("timed", ["old", "new"])
def test_runs_of_which_one_alone_was_timed_are_compared_in_all_else(tmp_path: Path, timed: str) -> None:
    questions = pack_of(20)
    answers = desk_answers(questions)
    untimed = [answer.model_copy(update={"timings_ms": {}}) for answer in answers]
    old, new = (write_run(tmp_path / name, questions, answers if name == timed else untimed) for name in ("old", "new"))
    comparison = compare_runs(old, new, resamples=FEW)
    assert comparison.overall["recall@5"].difference == 0.0
    assert not [name for name in comparison.overall if name.endswith("_ms")]


def test_runs_without_a_common_question_are_refused(tmp_path: Path) -> None:
    questions = pack_of(10)
    old = write_run(tmp_path / "old", questions[:5], desk_answers(questions[:5]))
    new = write_run(tmp_path / "new", questions[5:], desk_answers(questions[5:]))
    with pytest.raises(InvalidRun, match="no question in common"):
        compare_runs(old, new)


def test_a_baseline_may_be_kept_without_its_answers(tmp_path: Path) -> None:
    questions = pack_of(30)
    old = write_run(tmp_path / "old", questions, desk_answers(questions))
    new = write_run(tmp_path / "new", questions, desk_answers(questions, losing=["q6"]))
    whole = compare_runs(old, new, resamples=FEW)
    write_scores(old, *score_run(old, resamples=FEW))
    (old / "answers.jsonl").unlink()
    (old / "questions.jsonl").unlink()
    assert compare_runs(old, new, resamples=FEW) == whole
