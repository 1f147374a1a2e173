"""A question with what was expected of it and what came of it."""

from collections.abc import Iterator

from evals.questions import Question
from evals.report.answer_view import answered, beside, columns, part, passages_read
from evals.report.excerpts import shortened
from evals.report.markup import Markup, element, foreign, together
from evals.report.results import Result

_EXPECTED = {
    "answer": "An answer",
    "abstain": "To be told that it is not covered",
    "clarify": "To be asked back",
    "flag": "An answer that tells of the contradiction",
    "retrieve": "The right documents: no answer is scored",
}
_LONGEST, _SHORT, _RANKED, _TURNS = 1200, 160, 3, 4


def whole(result: Result) -> Markup:
    """With what was expected beside what was answered, and each quote beside its passage."""
    question, answer = result.question, result.answer
    text = beside(answer) if answer.sentences else passages_read(answer, question.evidence)
    return together(
        [
            _history(question),
            columns(expected(question, _LONGEST), answered(answer, sources=not answer.sentences)),
            text,
            _found(result),
            _failed(result),
        ]
    )


def brief(result: Result) -> Markup:
    """Without passages, for the list of all questions; of those without a fault only what was asked, wanted and
    said."""
    question, answer = result.question, result.answer
    if result.faults:
        parts = [expected(question), answered(answer), _found(result), _failed(result)]
    else:
        parts = [expected(question, 0), answered(answer, notices=False), _failed(result)]
    return together([_history(question), *parts])


def asked(question: Question, most: int = _LONGEST, tag: str = "span") -> Markup:
    return foreign(tag, shortened(question.question, most), question.lang, "asked")


def facts(result: Result) -> Markup:
    """What kind of question it is, in one line."""
    question = result.question
    told = [
        question.lang,
        question.topic,
        (question.kind or "").replace("_", " "),
        f"differs in {question.differs_in}" if question.differs_in else None,
        f"as of {question.as_of}" if question.as_of else None,
        f"asked as {question.reader}" if question.reader != "public" else None,
        "must never break" if question.never_break else None,
        f"failed in {result.failed_runs} of {result.runs} runs" if result.runs > 1 and result.faults else None,
    ]
    listed = [element("bdi", {}, fact) for fact in told if fact]
    return element("p", {"class": "facts"}, element("code", {}, question.id), *listed)


def verdict(result: Result) -> Markup:
    if not result.faults:
        return element("b", {"class": "right"}, "✓ No fault")
    return element("b", {"class": "wrong"}, "✗ " + ", ".join(result.faults))


def _history(question: Question) -> Markup:
    if not question.history:
        return Markup("")
    turns = (foreign("li", f"{turn.role}: {shortened(turn.text, _SHORT)}") for turn in question.history[-_TURNS:])
    return part("Said before", element("ul", {}, *turns))


def expected(question: Question, most: int = _SHORT) -> Markup:
    """``most``: characters of a statement that an answer should rest on; of 0 there is none."""
    return part("Expected", *_expectations(question, most))


def _expectations(question: Question, most: int) -> Iterator[Markup]:
    groups = question.answers_wanted
    yield element("p", {}, _EXPECTED[question.expected] + (" that holds" if groups else "."))
    if question.differs_in:
        yield element("p", {}, f"It differs from what the documents hold in one thing: {question.differs_in}.")
    if groups:
        yield element("ul", {}, *(element("li", {}, *_alternatives(group)) for group in groups))
    statements = question.evidence or (() if groups else question.references[:1])
    for statement in statements if most else ():
        yield foreign("blockquote", shortened(statement, most))
    documents = "; ".join(" or ".join(group) for group in question.documents_wanted)
    if documents:
        yield element("p", {"class": "facts"}, "From ", element("bdi", {}, shortened(documents, _LONGEST)))
    if question.forbidden:
        forbidden = shortened("; ".join(question.forbidden), _LONGEST)
        yield element("p", {"class": "facts"}, "Never ", element("bdi", {}, forbidden))


def _alternatives(group: tuple[str, ...]) -> Iterator[str]:
    for index, alternative in enumerate(group):
        yield " or " if index else ""
        yield element("bdi", {}, f"“{shortened(alternative, _SHORT)}”")


def _found(result: Result) -> Markup:
    """The first documents in the order in which they were found, those asked for marked wherever they came."""
    question = result.question
    documents = list(dict.fromkeys(passage.document_id for passage in result.answer.passages))
    wanted = {document for group in question.documents_wanted for document in group} | {*question.acceptable_doc_ids}
    named = [
        f"{place}. {document}{' ✓' if document in wanted else ''}"
        for place, document in enumerate(documents, start=1)
        if place <= _RANKED or document in wanted
    ]
    if not named:
        return Markup("")
    return element("p", {"class": "facts"}, "Found: ", element("bdi", {}, ", ".join(named)))


def _failed(result: Result) -> Markup:
    if not result.failed:
        return Markup("")
    told = "; ".join(f"{label} {value:.2f}" for label, value in result.failed.items())
    return element("p", {"class": "facts"}, f"Short of full marks: {told}")
