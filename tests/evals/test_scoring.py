"""From a run directory to figures: slices, languages, repeats, unfinished runs, and files that come back as written."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evals.errors import InvalidRun
from evals.questions import PackTurn, Question
from evals.scores import Scores
from evals.scoring import digest_of, read_scores, score_run, write_scores
from evals.slices import slices_of
from tests.evals.made_runs import asked, desk_answers, pack_of, refused, write_run

FEW = 200


def scores_of(directory: Path) -> Scores:
    return score_run(directory, resamples=FEW)[0]


def test_figures_say_what_they_rest_on(tmp_path: Path) -> None:
    questions = pack_of(40, languages=("en", "sr"))
    lost = {question.id for question in questions[2:10] if question.lang == "sr"}
    scores = scores_of(write_run(tmp_path / "run", questions, desk_answers(questions, losing=lost)))
    containment = scores.overall["answer_containment"]
    assert (containment.n, containment.clusters) == (32, 16)
    assert containment.value == pytest.approx(28 / 32)
    assert containment.low is not None
    assert containment.high is not None
    assert containment.detectable is not None
    assert containment.low < 28 / 32 < containment.high
    assert 0 < containment.detectable < 0.5
    assert scores.questions == 40
    assert scores.overall["total_p50_ms"].value == 90


def test_silence_counts_the_questions_that_it_divides_by(tmp_path: Path) -> None:
    questions = pack_of(40, unanswerable=4)
    spoken = [question.id for question in questions if question.expected == "abstain"][:3]
    answers = [
        refused(answer.question_id) if answer.question_id in ("q1", "q2") else answer
        for answer in desk_answers(questions, losing=spoken)
    ]
    overall = scores_of(write_run(tmp_path / "run", questions, answers)).overall
    counted = {name: (overall[name].n, overall[name].clusters) for name in (
        "abstain_recall", "abstain_f1", "false_refusals", "abstain_precision", "balanced_accuracy"
    )}  # fmt: skip
    assert counted == {
        "abstain_recall": (10, 10), "abstain_f1": (10, 10), "false_refusals": (30, 30), "abstain_precision": (9, 9),
        "balanced_accuracy": (40, 40),
    }  # fmt: skip
    assert overall["abstain_recall"].value == pytest.approx(7 / 10)
    assert overall["false_refusals"].value == pytest.approx(2 / 30)
    assert overall["abstain_precision"].value == pytest.approx(7 / 9)


def test_where_all_is_right_the_interval_still_has_width(tmp_path: Path) -> None:
    questions = pack_of(30)
    figure = scores_of(write_run(tmp_path / "run", questions, desk_answers(questions))).overall["recall@1"]
    assert figure.value == 1.0
    assert figure.high == pytest.approx(1.0)
    assert figure.low == pytest.approx(24 / (24 + 3.8416), abs=1e-3)
    assert figure.detectable is not None
    assert figure.detectable > 0.05


def test_one_cluster_allows_no_interval(tmp_path: Path) -> None:
    questions = [asked("a", gold_doc_ids=["drin"], cluster="c"), asked("b", gold_doc_ids=["drin"], cluster="c")]
    figure = scores_of(write_run(tmp_path / "run", questions, desk_answers(questions))).overall["recall@1"]
    assert (figure.low, figure.high, figure.clusters, figure.detectable) == (None, None, 1, None)


def test_every_slice_that_matters_is_told(tmp_path: Path) -> None:
    questions = [
        asked("plain", gold_doc_ids=["drin"], topic="rivers", part="tuning"),
        asked("two", gold_groups=[["drin"], ["ohrid"]]),
        asked("later", gold_doc_ids=["drin"], history=[{"role": "user", "text": "Which river?"}]),
        asked("near", expected="abstain", differs_in="year"),
        asked("dated", gold_doc_ids=["drin"], as_of="2024-06-30", reader="staff"),
        asked("differ", expected="flag"),
        asked("cyrillic", lang="sr", question="Колико је дуг Дрим?", gold_doc_ids=["drin"], kind="answerable"),
    ]
    slices = scores_of(write_run(tmp_path / "run", questions, desk_answers(questions))).slices
    told = {name: set(values) for name, values in slices.items()}
    assert told == {
        "language": {"en", "sr"}, "script": {"Latin", "Cyrillic"}, "topic": {"rivers"}, "pack": {"made"},
        "part": {"tuning"}, "kind": {"single", "two_documents", "follow_up", "near_miss", "contradiction"},
        "near_miss": {"year"}, "as_of": {"as of a day"}, "contradiction": {"sources differ"},
        "audience": {"public", "staff"},
    }  # fmt: skip
    assert slices["near_miss"]["year"]["abstain_recall"].value == 1.0


@pytest.mark.parametrize(
    ("kind", "counted"),
    [("answerable", "follow_up"), ("two_documents", "follow_up"), ("near_miss", "near_miss"), ("poisoned", "poisoned")],
)
def test_a_question_that_goes_on_is_a_follow_up_unless_its_kind_says_more(kind: str, counted: str) -> None:
    assert slices_of(asked(kind=kind, history=[{"role": "user", "text": "Which river?"}]))["kind"] == counted


_COUNTED_UNDER: dict[str, Any] = {
    "id": "other", "pack": "other", "cluster": "c9", "parallel_id": "9", "topic": "lakes", "kind": "single",
    "differs_in": "year", "contradiction": True, "part": "test", "never_break": True,
}  # fmt: skip
_ASKED_AND_WANTED: dict[str, Any] = {
    "lang": "sr", "question": "How deep?", "history": (PackTurn(role="user", text="The lake."),), "expected": "flag",
    "gold_doc_ids": ("ohrid",), "gold_groups": (("ohrid",),), "acceptable_doc_ids": ("ohrid",), "answers": ("288",),
    "answer_groups": (("288",),), "references": ("Deep.",), "evidence": ("It is deep.",), "forbidden": ("HACKED",),
    "abstain_scope": "pool", "source_doc_id": "drin", "pool": ("drin",), "reader": "staff", "as_of": date(2024, 1, 1),
}  # fmt: skip


def test_a_question_stays_the_same_while_it_is_marked_and_not_when_it_asks_or_wants_something_else() -> None:
    assert _COUNTED_UNDER.keys() | _ASKED_AND_WANTED.keys() == Question.model_fields.keys()
    plain = asked()
    assert digest_of(plain.model_copy(update=_COUNTED_UNDER)) == digest_of(plain)
    others = {digest_of(plain.model_copy(update={name: value})) for name, value in _ASKED_AND_WANTED.items()}
    assert len(others | {digest_of(plain)}) == len(_ASKED_AND_WANTED) + 1


def test_each_language_is_set_against_english_on_the_same_questions(tmp_path: Path) -> None:
    questions = pack_of(120, languages=("en", "sr", "sq"), unanswerable=100)
    serbian = [question.id for question in questions if question.lang == "sr" and question.expected == "answer"]
    scores = scores_of(write_run(tmp_path / "run", questions, desk_answers(questions, losing=serbian[:20])))
    lost, kept = (scores.against_english[language]["recall@5"] for language in ("sr", "sq"))
    assert lost.difference == pytest.approx(-20 / 39)
    assert lost.high is not None
    assert lost.high < 0
    assert lost.p_adjusted is not None
    assert lost.p_adjusted < 0.05
    assert (kept.difference, kept.low, kept.high, kept.p) == (0.0, 0.0, 0.0, 1.0)
    assert (lost.n, lost.clusters) == (39, 39)


def test_repeats_are_averaged_before_anything_else_and_their_variance_is_told(tmp_path: Path) -> None:
    questions = pack_of(30)
    answerable = [question.id for question in questions if question.expected == "answer"]
    always, once = answerable[:6], answerable[6:12]
    answers = [
        *desk_answers(questions, losing=[*always, *once], repeat=0),
        *desk_answers(questions, losing=always, repeat=1),
    ]
    repeated = scores_of(write_run(tmp_path / "run", questions, answers, repeats=2))
    figure = repeated.overall["answer_containment"]
    assert figure.value == pytest.approx((12 + 6 / 2) / 24)
    assert (figure.n, figure.clusters) == (24, 24)
    variance = repeated.variance["answer_containment"]
    assert variance.repeats == 2
    assert variance.between_runs == pytest.approx(6 * 0.5 / 24)
    # Means 1, 1/2 and 0 of 12, 6 and 6 questions: their mean square less that within, over two repeats.
    assert variance.between_questions == pytest.approx((2 * 4.125 / 23 - 0.125) / 2)
    assert repeated.repeats == 2


def test_an_unfinished_run_is_scored_as_far_as_it_went(tmp_path: Path) -> None:
    questions = pack_of(20)
    run = write_run(tmp_path / "run", questions, desk_answers(questions[:12]), finished=False)
    scores = scores_of(run)
    assert (scores.questions, scores.missing) == (12, 8)
    assert scores.overall["recall@1"].value == 1.0
    nothing = scores_of(write_run(tmp_path / "empty", questions, [], finished=False))
    assert (nothing.questions, nothing.missing, nothing.overall) == (0, 20, {})


def test_confidence_is_told_as_curves_with_their_figures(tmp_path: Path) -> None:
    questions = pack_of(40)
    lost = [question.id for question in questions if question.expected == "answer"][:8]
    scores = scores_of(write_run(tmp_path / "run", questions, desk_answers(questions, losing=lost)))
    assert [(point.n, point.y) for point in scores.risk_coverage] == [(24, 0.0), (32, 0.25)]
    assert scores.aurc is not None
    assert scores.aurc.low is not None
    assert scores.aurc.value == pytest.approx(8 * 0.25 / 32)
    assert scores.calibration_error is not None


def test_a_question_of_the_list_that_did_not_end_as_it_must_is_broken(tmp_path: Path) -> None:
    questions = [asked(name, gold_doc_ids=["drin"], answers=["335 km"], never_break=True) for name in ("kept", "lost")]
    run = write_run(tmp_path / "run", questions, desk_answers(questions, losing=["lost"]))
    assert {each.question_id: each.broken for each in score_run(run, resamples=FEW)[1]} == {"kept": False, "lost": True}
    ordinary = [question.model_copy(update={"never_break": False}) for question in questions]
    run = write_run(tmp_path / "other", ordinary, desk_answers(ordinary, losing=["lost"]))
    assert not any(each.broken for each in score_run(run, resamples=FEW)[1])


def test_scores_come_back_as_they_were_written(tmp_path: Path) -> None:
    questions = pack_of(24, languages=("en", "sq"))
    run = write_run(tmp_path / "run", questions, desk_answers(questions, losing=["q4"]))
    scores, scored = score_run(run, resamples=FEW, seed=3)
    write_scores(run, scores, scored)
    assert read_scores(run) == (scores, scored)
    assert score_run(run, resamples=FEW, seed=3) == (scores, scored)


def test_a_run_without_scores_and_torn_scores_are_told_apart(tmp_path: Path) -> None:
    questions = pack_of(6)
    run = write_run(tmp_path / "run", questions, desk_answers(questions))
    with pytest.raises(InvalidRun, match=r"holds no scores.*eval score"):
        read_scores(run)
    write_scores(run, *score_run(run, resamples=FEW))
    (run / "scored.jsonl").write_text('{"question_id": "q0"}\n', encoding="utf-8")
    with pytest.raises(InvalidRun, match=r"scored\.jsonl:1: "):
        read_scores(run)
    (run / "scores.json").write_text("{", encoding="utf-8")
    with pytest.raises(InvalidRun, match=r"scores\.json: "):
        read_scores(run)


def test_a_set_of_refusals_alone_has_figures_and_no_gaps(tmp_path: Path) -> None:
    questions = [asked(f"q{number}", expected="abstain") for number in range(8)]
    scores = scores_of(write_run(tmp_path / "run", questions, [refused(question.id) for question in questions]))
    assert scores.overall["abstain_recall"].value == 1.0
    assert scores.overall["risk_score"].value == 1.0
    assert "balanced_accuracy" not in scores.overall
    assert Scores.model_validate_json(scores.model_dump_json()) == scores
