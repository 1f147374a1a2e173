"""All questions as a list that can be narrowed, and the worst of them in full."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from evals.report.answer_view import outcome_told
from evals.report.markup import Markup, element
from evals.report.question_view import asked, brief, facts, verdict, whole
from evals.report.results import Result

WORST = 40
# As the style has it.
ON_PAPER = 15
# What a page can hold: so many questions are each there in full; of more, the gravest, and of still more not all are
# listed.
ALL_IN_FULL, GRAVEST_IN_FULL, LISTED = 1500, 400, 6000
_SHORT = 160
_FIELDS = {"language": "Language", "topic": "Topic", "kind": "Kind", "outcome": "Outcome", "failed": "What failed"}


def summed_up(results: Sequence[Result]) -> Markup:
    """How many questions show no fault, and what is wrong with the others, in one sentence."""
    failed = [result for result in results if result.faults]
    counts = Counter(fault for result in failed for fault in result.faults)
    told = "; ".join(f"{fault[:1].lower()}{fault[1:]} {count:,}" for fault, count in counts.most_common())
    right = element("b", {}, f"{len(results) - len(failed):,} of {len(results):,} questions")
    return element("p", {"class": "lead"}, right, f" show no fault{f'; {told}' if told else ''}.")


def worst(results: Sequence[Result]) -> Iterator[Markup]:
    """The gravest first."""
    failed = sorted((result for result in results if result.faults), key=lambda result: result.gravity, reverse=True)
    if not failed:
        yield element("p", {}, "No question failed.")
    if len(failed) > WORST:
        yield element(
            "p", {"class": "note"}, f"Here are the {WORST} gravest, of each kind some; all are in the list below."
        )
    if len(failed) > ON_PAPER:
        yield element("p", {"class": "note on-paper"}, f"On paper only the first {ON_PAPER}.")
    for result in _mixed(failed):
        heading = element("h3", {}, asked(result.question))
        yield element("article", {"class": "question"}, heading, facts(result), verdict(result), whole(result))


def _mixed(failed: Sequence[Result]) -> list[Result]:
    """Of each kind of fault in turn, so that the commonest does not hide the others; the gravest kind first."""
    kinds: dict[str, list[Result]] = {}
    for result in failed:
        kinds.setdefault(result.faults[0], []).append(result)
    chosen: list[Result] = []
    depth = 0
    while len(chosen) < min(WORST, len(failed)):
        chosen += [those[depth] for those in kinds.values() if depth < len(those)]
        depth += 1
    return sorted(chosen[:WORST], key=lambda result: result.gravity, reverse=True)


def all_questions(results: Sequence[Result]) -> Iterator[Markup]:
    """With a form that narrows the list, shown by the script that serves it."""
    listed = list(results)
    if len(results) > LISTED:
        listed = sorted(results, key=lambda result: not result.faults)[:LISTED]
        said = f"The run has {len(results):,} questions; the {LISTED:,} listed here are those that failed, then others."
        yield element("p", {"class": "note"}, said)
    in_full = {result.question.id for result in listed}
    if len(listed) > ALL_IN_FULL:
        failed = sorted((result for result in listed if result.faults), key=lambda result: result.gravity, reverse=True)
        in_full = {result.question.id for result in failed[:GRAVEST_IN_FULL]}
        said = f"Of so many only the {len(in_full):,} gravest open here; answers.jsonl and scored.jsonl hold all."
        yield element("p", {"class": "note"}, said)
    paper = "On paper the list is left out, unless it was narrowed first."
    yield element("p", {"class": "note on-paper"}, paper)
    yield _form(listed)
    entries = (_entry(result, result.question.id in in_full) for result in listed)
    yield element("div", {"id": "entries"}, *entries)


def _form(results: Sequence[Result]) -> Markup:
    fields = []
    for name, heading in _FIELDS.items():
        counts = Counter(value for result in results for value in _values(result)[name])
        if len(counts) > 1 or name == "failed":
            options = [element("option", {"value": ""}, "All")]
            options += [element("option", {"value": value}, f"{value} ({counts[value]:,})") for value in sorted(counts)]
            fields.append(element("label", {}, heading, element("select", {"name": name}, *options)))
    search = element("input", {"type": "search", "name": "words", "autocomplete": "off"})
    fields.append(element("label", {}, "Words", search))
    fields.append(element("button", {"type": "reset"}, "Show all"))
    return element("form", {"id": "filter", "hidden": ""}, *fields, element("output", {}, ""))


def _values(result: Result) -> dict[str, Iterable[str]]:
    question = result.question
    kind = (question.kind or question.expected).replace("_", " ")
    kinds = [kind, *([f"{kind}: {question.differs_in}"] if question.differs_in else [])]
    named: dict[str, Iterable[str]] = {
        "language": [question.lang],
        "topic": [question.topic] if question.topic else [],
        "kind": kinds,
        "outcome": [outcome_told(result.answer.outcome)],
        "failed": [*result.faults, *result.failed] or ["Nothing"],
    }
    return {name: [value.replace("|", "/") for value in values] for name, values in named.items()}


def _entry(result: Result, in_full: bool) -> Markup:
    data = {f"data-{name}": "|".join(values) for name, values in _values(result).items()}
    head = [verdict(result), Markup(" "), asked(result.question, _SHORT)]
    if not in_full:
        return element("div", {"class": "entry", **data}, *head, " ", element("code", {}, result.question.id))
    summary = element("summary", {}, *head)
    full = [element("p", {}, asked(result.question))] if len(result.question.question) > _SHORT else []
    inner = element("div", {}, *full, facts(result), brief(result))
    return element("details", {"class": "entry", **data}, summary, inner)
