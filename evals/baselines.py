"""The committed baseline: what each of the library's English cases gave without a model when somebody last accepted it,
and whether the desk as it is now may take its place."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from assistant.build import build_desk
from assistant.settings import Settings
from evals.cases import FOLDER
from evals.choosing import choose
from evals.gate import breach_lines, gate_runs
from evals.library_questions import library_questions
from evals.provenance import manifest_of
from evals.run_directory import read_manifest, write_manifest
from evals.running import run
from evals.scores import Comparison, ScoredQuestion, Verdict
from evals.scoring import score_run, write_scores
from knowledge.embedding import Embedder

BASELINE = Path(__file__).parent / "baseline"
_LANGUAGE = "en"


def ask_library(
    store: Path, settings: Settings, embedder: Embedder, out: Path, done: Callable[[int], None] = lambda count: None
) -> None:
    """A run on the library's English cases without a model into ``out``, of a store of the library alone."""
    questions = choose(library_questions(), lang=_LANGUAGE)
    desk = build_desk(settings, data=store, model=None, embedder=embedder)
    try:
        manifest = manifest_of(
            desk, settings, questions, {"cases": FOLDER}, name="library", repeats=1, whole_corpus=False
        )
        asyncio.run(run(desk, questions, manifest, out, done=done))
    finally:
        desk.base.close()


def update(ran: Path, baseline: Path = BASELINE) -> int:
    """Puts the scores of a run in the baseline's place, without its answers. Returns the questions. What differs from
    one machine to the next, or is worked out from the rest, is left out: a diff shows the questions that changed."""
    scores, scored = score_run(ran)
    write_manifest(baseline, read_manifest(ran).model_copy(update={"name": "baseline", "seconds": None}))
    kept = {name: figure for name, figure in scores.overall.items() if not name.endswith("_ms")}
    write_scores(
        baseline,
        scores.model_copy(update={"run": "baseline", "overall": kept, "slices": {}, "seconds": None}),
        [_untimed(each) for each in scored],
    )
    return scores.questions


def _untimed(each: ScoredQuestion) -> ScoredQuestion:
    parts = {name: part for name, part in each.parts.items() if not name.startswith("ms_")}
    return each.model_copy(update={"parts": parts, "slices": {}, "parallel_id": None})


def checked(ran: Path, baseline: Path = BASELINE) -> tuple[Verdict, Comparison]:
    """Whether a run may take the baseline's place. Cases and briefs may have changed since: the questions that are the
    same are compared. Raises InvalidRun."""
    return gate_runs(baseline, ran, anyway=True)


def told(verdict: Verdict, comparison: Comparison) -> str:
    """The verdict for people, with what to do about it."""
    lines = breach_lines(verdict, comparison)
    if not verdict.passed:
        lines.append(
            "To see the answers: `migdesk eval baseline --out DIR`, then `migdesk eval report DIR --out FILE`. Where "
            "the change is meant: `migdesk eval baseline --update`, and commit what that writes."
        )
    return "\n".join(lines)
