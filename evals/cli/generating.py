"""Runs at the terminal: from options to a desk, its answers with a progress bar, and a word on how it went."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from assistant.build import build_desk, build_embedder
from assistant.desk import Desk
from assistant.settings import ModelSettings, Settings, load_settings
from evals.baselines import ask_library
from evals.choosing import choose, parse_slices
from evals.corpus_store import prepare_library, prepare_store
from evals.errors import EvalError, InvalidChoice
from evals.material import Material
from evals.predictions import prediction_of, write_predictions
from evals.provenance import manifest_of
from evals.questions import Question
from evals.records import AnswerRecord, Manifest
from evals.run_directory import read_run
from evals.running import answer_all, refuse_taken, run


@dataclass(frozen=True, slots=True)
class Asking:
    """What a person chose about a run."""

    data: Path | None = None
    store: Path | None = None
    model: str | None = None
    no_model: bool = False
    whole_corpus: bool = False
    limit: int | None = None
    lang: str | None = None
    part: str | None = None
    slices: Sequence[str] = ()


def generate(
    material: Material, asking: Asking, out: Path, *, name: str | None = None, repeats: int = 1, resume: bool = False
) -> Manifest:
    """Raises EvalError, AssistantError or KnowledgeError."""
    refuse_taken(out, resume=resume)  # before documents are embedded, which may take long
    questions = _chosen(material, asking)
    settings, model = _models(asking)
    if repeats > 1 and model is None:
        raise InvalidChoice(
            f"--repeats {repeats}: without a model every repeat gives the same answer. Name a --model, or leave it out."
        )
    with _progress() as bar, _desk(material, asking, settings, model, bar) as desk:
        manifest = manifest_of(
            desk,
            settings,
            questions,
            material.files,
            name=name or out.name,
            repeats=repeats,
            whole_corpus=asking.whole_corpus,
        )
        answering = bar.add_task("Answering", total=len(questions) * repeats)

        def done(count: int) -> None:
            bar.advance(answering, count)

        return asyncio.run(run(desk, questions, manifest, out, resume=resume, done=done))


def tell(manifest: Manifest, out: Path, as_json: bool) -> int:
    """Prints how a run went; the exit code is 1 where no question could be asked."""
    answers = read_run(out).answers
    outcomes = Counter(answer.outcome for answer in answers)
    failures = [answer for answer in answers if answer.failure is not None]
    seconds = manifest.seconds or 0.0
    if as_json:
        told = {
            "run": str(out),
            "answers": len(answers),
            "outcomes": dict(outcomes.most_common()),
            "failures": [{"question_id": each.question_id, "failure": each.failure} for each in failures],
            "seconds": seconds,
        }
        print(json.dumps(told, ensure_ascii=False))
    else:
        pace = f"{seconds:.0f} s, {len(answers) / max(seconds, 0.001):.1f} a second"
        print(f"{len(answers)} answers in {out} ({pace})")
        print(" · ".join(f"{outcome} {count}" for outcome, count in outcomes.most_common()))
    for each in failures[:5]:
        print(f"{each.question_id} failed: {each.failure}", file=sys.stderr)
    if len(failures) > 5:
        print(f"{len(failures) - 5} more failed; {out} holds them.", file=sys.stderr)
    return 1 if len(failures) == len(answers) else 0


def predict(material: Material, asking: Asking, out: Path) -> tuple[int, float]:
    """The predictions of a pack and the seconds they took. Raises EvalError where a question cannot be asked."""
    questions = _chosen(material, asking)
    settings, model = _models(asking)
    answers: dict[str, AnswerRecord] = {}
    with _progress() as bar, _desk(material, asking, settings, model, bar) as desk:
        answering = bar.add_task("Answering", total=len(questions))

        def keep(record: AnswerRecord) -> None:
            if record.failure is not None:
                raise EvalError(f"The question {record.question_id} could not be asked: {record.failure}")
            answers[record.question_id] = record
            bar.advance(answering)

        wanted = [(question, 0) for question in questions]
        asyncio.run(answer_all(desk, wanted, keep, whole_corpus=asking.whole_corpus))
        # Of the answering alone, not of the store's building.
        seconds = bar.tasks[answering].elapsed or 0.0
    write_predictions(out, [prediction_of(answers[question.id]) for question in questions])
    return len(questions), seconds


def ask_library_now(out: Path) -> None:
    """The run that the committed baseline is compared with, on a store of the library's own."""
    refuse_taken(out, resume=False)
    settings = load_settings()
    embedder = build_embedder(settings)
    with _progress() as bar:
        store = _store_with(bar, lambda advance: prepare_library(settings.data / "evals", embedder, advance))
        answering = bar.add_task("Answering", total=None)

        def done(count: int) -> None:
            bar.advance(answering, count)

        ask_library(store, settings, embedder, out, done)


def _chosen(material: Material, asking: Asking) -> list[Question]:
    return choose(
        material.questions,
        part=asking.part,
        lang=asking.lang,
        slices=parse_slices(asking.slices),
        limit=asking.limit,
    )


def _models(asking: Asking) -> tuple[Settings, ModelSettings | None]:
    settings = load_settings()
    return settings, None if asking.no_model else settings.model_settings(asking.model)


@contextmanager
def _desk(
    material: Material, asking: Asking, settings: Settings, model: ModelSettings | None, bar: Progress
) -> Iterator[Desk]:
    """A desk on a store of the corpora, or on the knowledge base of the data directory."""
    embedder = build_embedder(settings)
    directory = asking.data or settings.data
    if material.corpora:
        if asking.data is not None:
            raise InvalidChoice("The documents come from a corpus or from --data; give one of them.")
        root = asking.store or settings.data / "evals"
        directory = _store_with(bar, lambda advance: prepare_store(material.corpora, root, embedder, advance))
    desk = build_desk(settings, data=directory, model=model, embedder=embedder)
    try:
        embedder.question("Loaded before the first question is timed.")
        yield desk
    finally:
        desk.base.close()


def _store_with(bar: Progress, prepare: Callable[[Callable[[int, int, str], None]], Path]) -> Path:
    reading = bar.add_task("Embedding the documents", total=None)

    def advance(done: int, total: int, _label: str) -> None:
        bar.update(reading, completed=done, total=total)

    directory = prepare(advance)
    bar.update(reading, completed=1, total=1)
    return directory


@contextmanager
def _progress() -> Iterator[Progress]:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        yield bar
