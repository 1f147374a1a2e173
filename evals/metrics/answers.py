"""Does the answer hold what a right one holds? Accepted strings, references, and the statements it should rest on."""

from evals.metrics.matching import contains, overlap, same_passage
from evals.metrics.view import Parts, View


def answers(view: View) -> Parts:
    """Only for questions that have an answer. A refusal holds none of the accepted strings; the other metrics, and
    ``containment_if_answered``, speak of answers that were given."""
    question, record = view.question, view.record
    if question.expected != "answer":
        return {}
    parts: Parts = {}
    right = holds_accepted(view)
    if right is not None:
        parts["answer_containment"] = (float(right), 1.0)
        if not view.silent:
            parts["containment_if_answered"] = (float(right), 1.0)
    if view.silent:
        return parts
    if question.references:
        _, recall, f1 = max((overlap(record.answer, reference) for reference in question.references), key=_f1)
        parts["reference_token_recall"] = (recall, 1.0)
        parts["reference_token_f1"] = (f1, 1.0)
    if question.evidence:
        quotes = [citation.quote for citation in view.quotes]
        shown = sum(any(same_passage(wanted, quote) for quote in quotes) for wanted in question.evidence)
        parts["evidence_recall"] = (shown / len(question.evidence), 1.0)
        if quotes:
            apt = sum(any(same_passage(wanted, quote) for wanted in question.evidence) for quote in quotes)
            parts["evidence_precision"] = (float(apt), float(len(quotes)))
    return parts


def holds_accepted(view: View) -> bool | None:
    """Whether each group of accepted answers is there by one of its strings; None where the question has none."""
    groups = view.question.answers_wanted
    if not groups:
        return None
    language, said = view.question.lang, view.record.answer
    return not view.silent and all(any(contains(answer, said, language) for answer in group) for group in groups)


def _f1(scores: tuple[float, float, float]) -> float:
    return scores[2]
