"""From a run's records to its scores, as often as one likes and without desk, documents or model."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from evals.errors import InvalidRun
from evals.lines import line_of, read_models
from evals.metrics.confidence import Stated, stated
from evals.metrics.measuring import is_whole, measured_in
from evals.metrics.view import view_of
from evals.questions import Question
from evals.run_directory import Run, read_run
from evals.scores import ScoredQuestion, Scores
from evals.slices import slices_of
from evals.summary import scores_of
from evals.whole_files import read_whole, write_whole

SCORES, SCORED = "scores.json", "scored.jsonl"
RESAMPLES = 1000
# What a question is asked with, what it is asked of, and what a right answer holds.
_ASKED_AND_WANTED = {
    "lang", "question", "history", "reader", "as_of", "abstain_scope", "source_doc_id", "pool", "expected",
    "gold_doc_ids", "gold_groups", "acceptable_doc_ids", "answers", "answer_groups", "references", "evidence",
    "forbidden",
}  # fmt: skip


def score_run(directory: Path, *, resamples: int = RESAMPLES, seed: int = 0) -> tuple[Scores, list[ScoredQuestion]]:
    """The figures of a run, and what each answer gave to them, in the order of the questions and repeats. An unfinished
    run is scored as far as it went. Raises InvalidRun."""
    run = read_run(directory)
    scored, confidences = scored_answers(run)
    return scores_of(run, scored, confidences, resamples=resamples, seed=seed), scored


def scored_answers(run: Run) -> tuple[list[ScoredQuestion], list[Stated]]:
    """Each answer's components, and the confidences stated."""
    scored, confidences = [], []
    digests = {identifier: digest_of(question) for identifier, question in run.questions.items()}
    for record in run.answers:
        question = run.questions[record.question_id]
        view = view_of(question, record)
        parts = measured_in(view)
        cluster = cluster_of(question)
        scored.append(
            ScoredQuestion(
                question_id=question.id,
                repeat=record.repeat,
                cluster=cluster,
                parallel_id=question.parallel_id,
                slices=slices_of(question),
                parts=parts,
                never_break=question.never_break,
                broken=question.never_break and not is_whole(question, parts),
                digest=digests[question.id],
            )
        )
        confidence = stated(view, cluster)
        if confidence is not None:
            confidences.append(confidence)
    return scored, confidences


def digest_of(question: Question) -> str:
    """Of what a question asks and what is right. What it is called and counted under may change."""
    asked = question.model_dump_json(include=_ASKED_AND_WANTED)
    return hashlib.blake2b(asked.encode(), digest_size=8).hexdigest()


def cluster_of(question: Question) -> str:
    """Forms of one question in several languages stand or fall together, and so does what the pack says."""
    if question.cluster:
        return f"{question.pack}/{question.cluster}"
    return f"{question.pack}/{question.parallel_id or question.id}"


def write_scores(directory: Path, scores: Scores, scored: Sequence[ScoredQuestion]) -> None:
    """``scores.json`` and ``scored.jsonl``, each whole or not at all. Raises InvalidRun."""
    write_whole(directory / SCORES, scores.model_dump_json(indent=1) + "\n")
    write_whole(directory / SCORED, "".join(line_of(each) for each in scored))


def read_scores(directory: Path) -> tuple[Scores, list[ScoredQuestion]]:
    """As they were written. Raises InvalidRun naming file and line."""
    absent = f"{directory} holds no scores: there is no {SCORES}. `migdesk eval score` makes it."
    scores = read_whole(directory / SCORES, Scores, absent)
    return scores, read_scored(directory)


def read_scored(directory: Path) -> list[ScoredQuestion]:
    """Raises InvalidRun naming file and line."""
    lines = read_models(directory / SCORED, InvalidRun, ScoredQuestion.model_validate_json)
    return [each for _, each in lines]
