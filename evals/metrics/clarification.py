"""Endings between answer and silence: a question back where one is due, and a word on sources that disagree."""

from evals.metrics.view import Parts, View


def clarification(view: View) -> Parts:
    """``clarify_rate`` where a question back is due, ``needless_questions_back`` where it is not, and ``flag_rate``
    where a contradiction is to be told (silence tells it too)."""
    expected, record = view.question.expected, view.record
    if expected == "clarify":
        return {"clarify_rate": (float(record.clarified), 1.0)}
    if expected == "flag":
        return {"flag_rate": (float(record.flagged or view.silent), 1.0)}
    if expected in ("answer", "abstain"):
        return {"needless_questions_back": (float(record.clarified), 1.0)}
    return {}
