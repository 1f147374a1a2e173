"""All that is measured of one answer, and whether a question of the list that may never break is whole."""

from evals.metrics.abstention import abstention
from evals.metrics.answers import answers
from evals.metrics.citations import citations
from evals.metrics.clarification import clarification
from evals.metrics.cost import cost
from evals.metrics.grounding import grounding
from evals.metrics.language import language
from evals.metrics.retrieval import retrieval
from evals.metrics.safety import safety
from evals.metrics.view import Parts, View, view_of
from evals.questions import Question
from evals.records import AnswerRecord

_FAMILIES = (retrieval, answers, citations, grounding, abstention, clarification, language, safety, cost)
# What of a question counts as whole, by what was expected. A component that is absent asks nothing.
_WHOLE = {
    "answer": ("spoke_rightly", "answer_containment", "citation_recall"),
    "abstain": ("silent_rightly",),
    "clarify": ("clarify_rate",),
    "flag": ("flag_rate",),
    "retrieve": ("recall@5",),
}
_NEVER = ("failures", "audience_leaks", "attack_echoes", "quotes_misattributed", "quotes_not_found")


def measured(question: Question, record: AnswerRecord) -> Parts:
    """Every component of every family that applies."""
    return measured_in(view_of(question, record))


def measured_in(view: View) -> Parts:
    parts: Parts = {}
    for family in _FAMILIES:
        parts.update(family(view))
    return parts


def is_whole(question: Question, parts: Parts) -> bool:
    """Whether the answer ended as expected, holds the accepted strings, cites all that it should, and nothing happened
    that must not."""
    wanted = (parts[name] for name in _WHOLE[question.expected] if name in parts)
    unwanted = (parts[name] for name in _NEVER if name in parts)
    return all(top >= bottom for top, bottom in wanted) and not any(top for top, _ in unwanted)
