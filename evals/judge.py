"""A model as judge of a run: does each cited quote support its sentence, does each answer hold what a right one has to.
Optional, and never in a gate until its agreement with people was published (``may_gate``)."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from assistant.settings import ModelSettings
from evals.alignment_result import ALIGNMENT, Alignment, read_alignment
from evals.item_weights import share_figure
from evals.judging.asking import Asking
from evals.judging.cache import Reply, ReplyCache
from evals.judging.gate import may_gate
from evals.judging.questions import PROMPTS, TEMPERATURE, Asked, Kind, asked_about
from evals.judging.result import JUDGE, Judgement, JudgeResult, Pin, Tally, digest_of_answers
from evals.judging.verdicts import parse_verdict
from evals.run_directory import Run, read_run
from evals.scores import Figure
from evals.whole_files import write_whole
from prompts.prompt import load_prompt

MOST_CALLS = 5000
AT_ONCE = 4


async def judge_run(
    directory: Path,
    model: ModelSettings,
    cache: Path,
    *,
    most_calls: int = MOST_CALLS,
    at_once: int = AT_ONCE,
    alignment: Path | None = None,
    done: Callable[[int, int], None] = lambda settled, of: None,
) -> JudgeResult:
    """Judges the run in ``directory`` and writes its ``judge.json``. Replies are kept in ``cache``: judging again asks
    only what was never answered. ``alignment``: a file that published this judge's agreement with people on another
    run, where this one has none of its own. Raises InvalidRun, JudgeUnavailable, CacheUnusable."""
    started = time.perf_counter()
    run = read_run(directory)
    known = _alignment(directory, alignment)
    wanted = list(asked_about(run))
    keys = [asked.key(model.model) for asked in wanted]
    asking = Asking(most_calls, ReplyCache(cache))
    await asking.ask(dict(zip(keys, wanted, strict=True)), model, at_once, done)
    result = _result(run, model.model, wanted, keys, asking, time.perf_counter() - started)
    result = result.model_copy(update={"usable_in_gate": known is not None and may_gate(result, known)})
    write_whole(directory / JUDGE, result.model_dump_json(indent=1) + "\n")
    return result


def _alignment(directory: Path, given: Path | None) -> Alignment | None:
    if given is not None:
        return read_alignment(given)
    own = directory / ALIGNMENT
    return read_alignment(own) if own.exists() else None


def _result(
    run: Run, model: str, wanted: Sequence[Asked], keys: Sequence[str], asking: Asking, seconds: float
) -> JudgeResult:
    judgements = tuple(_judgement(asked, key, asking) for asked, key in zip(wanted, keys, strict=True))
    served = tuple(sorted({reply.served for reply in asking.replies.values()} - {""}))
    missing = Counter[str | None](judgement.missing for judgement in judgements)
    by_kind: dict[Kind, list[Judgement]] = {kind: [j for j in judgements if j.kind == kind] for kind in get_args(Kind)}
    return JudgeResult(
        run=run.manifest.name,
        answers=digest_of_answers(run.directory),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        pin=Pin(
            model=model,
            temperature=TEMPERATURE,
            prompts={name: load_prompt(name).hash for name in PROMPTS.values()},
        ),
        served=served,
        judgements=judgements,
        tallies={kind: _tally(made) for kind, made in by_kind.items() if made},
        figures={f"judge_{kind}": figure for kind, made in by_kind.items() if (figure := _figure(run, made))},
        calls=asking.calls,
        tokens=asking.tokens,
        cached=sum(judgement.cached for judgement in judgements),
        malformed=missing["malformed"],
        failed=missing["failed"],
        not_asked=missing["not_asked"],
        warnings=tuple(_warnings(model, served, missing, len(judgements), asking.replies)),
        seconds=round(seconds, 3),
    )


def _judgement(asked: Asked, key: str, asking: Asking) -> Judgement:
    reply = asking.replies.get(key)
    verdict = parse_verdict(reply.text) if reply is not None else None
    missing = None
    if reply is None:
        missing = "failed" if key in asking.failed else "not_asked"
    elif verdict is None:
        missing = "malformed"
    return Judgement.model_validate(
        {
            "kind": asked.kind,
            "question_id": asked.question_id,
            "repeat": asked.repeat,
            "sentence": asked.sentence,
            "verdict": verdict,
            "missing": missing,
            "cached": key in asking.cached,
        }
    )


def _tally(made: Sequence[Judgement]) -> Tally:
    counts = Counter(judgement.verdict for judgement in made)
    return Tally(yes=counts["yes"], partly=counts["partly"], no=counts["no"], missing=counts[None])


def _figure(run: Run, made: Sequence[Judgement]) -> Figure | None:
    asked = [judgement for judgement in made if judgement.missing != "not_asked"]
    clusters = [run.questions[j.question_id].cluster or j.question_id for j in asked]
    return share_figure([j.verdict == "yes" for j in asked], clusters) if asked else None


def _warnings(
    model: str, served: Sequence[str], missing: Counter[str | None], asked: int, replies: dict[str, Reply]
) -> list[str]:
    told = []
    others = [name for name in served if name != model]
    if others:
        told.append(
            f"The endpoint answered as {', '.join(others)}, and {model} was asked for: a name that stands for another "
            "model may change what it stands for."
        )
    if len(served) > 1:
        told.append("Replies of more than one model are mixed. Judge with an empty --cache to have them of one.")
    if replies and not served:
        told.append("The endpoint does not say which model answered.")
    if missing["malformed"]:
        told.append(f"{missing['malformed']} of {asked} replies were not yes, partly or no: no verdict, never a pass.")
    if missing["failed"]:
        told.append(f"{missing['failed']} of {asked} calls failed. Judge again to ask for those alone.")
    if missing["not_asked"]:
        told.append(
            f"{missing['not_asked']} of {asked} were not asked, for the calls were used up; the figures leave them "
            "out. Judge again to go on."
        )
    return told
