"""A run: every question asked of the desk once (or some times over), and the answers appended as they come."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.desk import Desk
from evals.asking import AT_ONCE, ask
from evals.contamination import prompt_texts, refuse_contaminated
from evals.errors import InvalidRun
from evals.lines import line_of
from evals.provenance import differences
from evals.questions import Question
from evals.records import AnswerRecord, Manifest
from evals.run_directory import (
    ANSWERS,
    MANIFEST,
    drop_torn_line,
    read_manifest,
    read_run,
    write_manifest,
    write_questions,
)


async def run(
    desk: Desk,
    questions: Sequence[Question],
    manifest: Manifest,
    directory: Path,
    *,
    resume: bool = False,
    done: Callable[[int], None] = lambda count: None,
) -> Manifest:
    """Answers what is to be answered into ``directory`` and returns the manifest as it was left. ``done`` is told how
    many answers came (at the start: those there already). Broken off, it leaves a run that ``resume`` goes on with.
    Raises Contaminated, and InvalidRun where the directory holds another run."""
    refuse_contaminated(questions, prompt_texts())
    answered, begun = _begin(questions, manifest, directory, resume)
    done(len(answered))
    started = time.perf_counter()
    finished = False
    try:
        with (directory / ANSWERS).open("ab", buffering=0) as file:
            wanted = [
                (question, repeat)
                for repeat in range(manifest.repeats)
                for question in questions
                if (question.id, repeat) not in answered
            ]

            def keep(record: AnswerRecord) -> None:
                file.write(line_of(record).encode())
                done(1)

            await answer_all(desk, wanted, keep, whole_corpus=manifest.whole_corpus)
        finished = True
    finally:
        seconds = (begun.seconds or 0.0) + time.perf_counter() - started
        begun = begun.model_copy(update={"seconds": round(seconds, 3), "finished": finished})
        write_manifest(directory, begun)
    return begun


async def answer_all(
    desk: Desk,
    wanted: Sequence[tuple[Question, int]],
    keep: Callable[[AnswerRecord], None],
    *,
    whole_corpus: bool = False,
) -> None:
    """Asks each question for its repeat, some at once, and hands each record over as it comes."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(question: Question, repeat: int) -> None:
        async with gate:
            keep(await ask(desk, question, repeat=repeat, whole_corpus=whole_corpus))

    try:
        async with asyncio.TaskGroup() as group:
            for question, repeat in wanted:
                group.create_task(one(question, repeat))
    except ExceptionGroup as several:
        raise several.exceptions[0] from several


def refuse_taken(directory: Path, *, resume: bool) -> bool:
    """Whether there is a run to go on with. Raises InvalidRun where ``resume`` does not fit what lies there."""
    there = (directory / MANIFEST).exists()
    if resume and not there:
        raise InvalidRun(f"{directory} holds no run to go on with. Leave out --resume to begin one.")
    if there and not resume:
        raise InvalidRun(f"{directory} holds a run already. Choose another --out, or go on with it: --resume.")
    return there


def _begin(
    questions: Sequence[Question], manifest: Manifest, directory: Path, resume: bool
) -> tuple[set[tuple[str, int]], Manifest]:
    """What is answered already, and the manifest to go on with."""
    if not refuse_taken(directory, resume=resume):
        write_questions(directory, questions)
        (directory / ANSWERS).write_bytes(b"")
        write_manifest(directory, manifest)
        return set(), manifest
    begun = read_manifest(directory)
    changed = differences(begun, manifest)
    if changed:
        raise InvalidRun(
            f"{directory} cannot be gone on with, since its answers would not belong together: {'; '.join(changed)}. "
            "Begin a run in another directory."
        )
    drop_torn_line(directory / ANSWERS)
    there = read_run(directory)
    return {(answer.question_id, answer.repeat) for answer in there.answers}, begun
