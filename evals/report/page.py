"""A run as one page that needs nothing else: no network, and readable without its script, which only narrows the list
of questions."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from string import Template

from evals.comparing import compare_scored, load_scored
from evals.gate import DEFAULT_MARGINS, judge_gate
from evals.records import AnswerRecord, Manifest
from evals.report.changes import changes
from evals.report.curves import curves, repeats
from evals.report.headline import costs, headline
from evals.report.judged import judged
from evals.report.markup import Markup, element, together
from evals.report.provenance_view import made_otherwise, provenance_view
from evals.report.question_list import all_questions, summed_up, worst
from evals.report.results import Result, results_of
from evals.report.slices import slices
from evals.run_directory import ANSWERS, Run, read_run
from evals.scoring import read_scores
from evals.whole_files import write_whole

_Sections = dict[tuple[str, str], list[Markup]]


def write_report(run: Path, out: Path, baseline: Path | None = None) -> None:
    """Writes the page of a scored run, with what changed against the run in ``baseline``. Raises InvalidRun where a run
    was not made, not scored or cannot be compared, or ``out`` cannot be written."""
    read = read_run(run)
    scores, scored = read_scores(run)
    results = results_of(read, scored)
    sections: _Sections = {
        ("figures", "Figures"): list(headline(scores)),
        ("changes", "What changed"): list(_changes(read, baseline, results)) if baseline else [],
        ("worst", "The worst questions"): list(worst(results)),
        ("slices", "Slice by slice"): list(slices(scores)),
        ("confidence", "Confidence"): list(curves(scores)),
        ("repeats", "Asked several times"): [repeats(scores.variance)] if scores.variance else [],
        ("judge", "Judge and people"): list(judged(run)),
        ("cost", "Time and tokens"): list(costs(scores)),
        ("questions", "All questions"): list(all_questions(results)),
        ("provenance", "What the run was made of"): [provenance_view(read.manifest)],
    }
    head = _head(read.manifest, summed_up(results))
    write_whole(out, _page(read.manifest.name, head, {named: parts for named, parts in sections.items() if parts}))


def _changes(run: Run, baseline: Path, results: list[Result]) -> Iterator[Markup]:
    """A baseline may have been kept without its answers, and with cases and documents that have changed since."""
    old, new = load_scored(baseline), load_scored(run.directory)
    comparison = compare_scored(old, new)
    verdict = judge_gate(comparison, DEFAULT_MARGINS, new.scored, old.scored)
    former = read_run(baseline).answers if (baseline / ANSWERS).exists() else []
    by_question = {result.question.id: result for result in results}
    yield from changes(comparison, verdict, by_question, _keyed(former), _keyed(run.answers))
    yield made_otherwise(old.manifest, run.manifest)


def _keyed(answers: Iterable[AnswerRecord]) -> dict[tuple[str, int], AnswerRecord]:
    return {(answer.question_id, answer.repeat): answer for answer in answers}


def _page(name: str, head: Markup, sections: _Sections) -> str:
    style, script = _file("page.css"), _file("filter.js")
    contents = (
        element("li", {}, element("a", {"href": f"#{identifier}"}, heading)) for identifier, heading in sections
    )
    drawn = (
        element("section", {"id": identifier}, element("h2", {}, heading), *parts)
        for (identifier, heading), parts in sections.items()
    )
    navigation = element("nav", {"aria-label": "Sections"}, element("ul", {}, *contents))
    return Template(_file("page.html")).substitute(
        title=element("title", {}, f"{name} · evaluation"),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        body=together([head, navigation, element("main", {}, *drawn)]),
    )


def _head(manifest: Manifest, summary: Markup) -> Markup:
    code = f"code {manifest.code[:12]}{' with changes' if manifest.code_changed else ''}" if manifest.code else ""
    facts = (manifest.made_at.replace("T", " "), code, manifest.model or "no model: quotes only")
    listed = (element("bdi", {}, fact) for fact in facts if fact)
    broken = "This run was broken off: its figures rest on the questions that were answered."
    return element(
        "header",
        {},
        element("p", {"class": "facts"}, "Evaluation of the Migration Desk"),
        element("h1", {"dir": "auto"}, manifest.name),
        element("p", {"class": "facts"}, *listed),
        summary,
        *([] if manifest.finished else [element("p", {"class": "gate failed"}, broken)]),
    )


def _file(name: str) -> str:
    return resources.files("evals.report").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """As a page's security policy names what may run in it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
