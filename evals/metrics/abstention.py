"""Is the desk silent where it should be, and only there? A right refusal scores like a right answer."""

from evals.metrics.answers import holds_accepted
from evals.metrics.view import Parts, View


def abstention(view: View) -> Parts:
    """The four cells of answerable or not and silent or not, whether silence was judged rightly, and the risk score of
    CRAG (Yang et al. 2024): 1 for right answers and right refusals, 0 for silence where there was an answer, -1 for
    wrong answers; it needs accepted strings where the question has an answer. A desk that broke off has refused
    nothing: where silence was due it counts as none, at a risk of 0."""
    expected = view.question.expected
    if expected not in ("answer", "abstain"):
        return {}
    due, silent = expected == "abstain", view.refused if expected == "abstain" else view.silent
    parts: Parts = {
        "silent_rightly": (float(due and silent), 1.0),
        "silent_wrongly": (float(not due and silent), 1.0),
        "spoke_wrongly": (float(due and not silent), 1.0),
        "spoke_rightly": (float(not due and not silent), 1.0),
        "abstention_right": (float(due == silent), 1.0),
    }
    right = silent if due else holds_accepted(view)
    if right is not None:
        parts["risk_score"] = (1.0 if right else 0.0 if view.silent else -1.0, 1.0)
    return parts


def answered_wrongly(view: View) -> bool | None:
    """Whether an answer that was given is wrong; None where nobody can say or none was given."""
    if view.silent or view.question.expected not in ("answer", "abstain"):
        return None
    right = False if view.question.expected == "abstain" else holds_accepted(view)
    return None if right is None else not right
