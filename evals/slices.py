"""The slices that a question belongs to: what figures are broken down by."""

import unicodedata
from collections import Counter

from evals.questions import Question

LANGUAGE, KIND = "language", "kind"
SLICES = (
    LANGUAGE, "script", "topic", "pack", "part", KIND, "near_miss", "as_of", "contradiction", "audience",
)  # fmt: skip
# A gate guards each value of these for itself.
PROTECTED = (LANGUAGE, KIND)
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "ARABIC", "BENGALI", "DEVANAGARI", "GREEK"})
_KINDS = {"answerable": "single"}
# Kinds that say only how many documents an answer needs; that a question goes on with a conversation says more.
_PLAIN = (None, "answerable", "two_documents")
_UNANSWERED = {"abstain": "unanswerable", "clarify": "clarify", "flag": "contradiction", "retrieve": "retrieve"}


def slices_of(question: Question) -> dict[str, str]:
    """Slice → value; a slice that says nothing of the question is absent."""
    given = {
        LANGUAGE: question.lang,
        "script": script_of(question.question),
        "topic": question.topic,
        "pack": question.pack,
        "part": question.part,
        KIND: _kind(question),
        "near_miss": question.differs_in,
        "as_of": "as of a day" if question.as_of is not None else None,
        "contradiction": "sources differ" if question.contradiction or question.expected == "flag" else None,
        "audience": question.reader,
    }
    return {name: value for name, value in given.items() if value}


def script_of(text: str) -> str:
    """The script most letters are in, or "Other"."""
    if text.isascii():
        return "Latin"
    names = (unicodedata.name(character, "").split(" ")[0] for character in text if character.isalpha())
    counted = Counter(names).most_common(1)
    return counted[0][0].title() if counted and counted[0][0] in _SCRIPTS else "Other"


def _kind(question: Question) -> str:
    if question.history and question.kind in _PLAIN:
        return "follow_up"
    if question.kind:
        return _KINDS.get(question.kind, question.kind)
    if question.expected != "answer":
        return "near_miss" if question.differs_in else _UNANSWERED[question.expected]
    return "two_documents" if len(question.documents_wanted) > 1 else "single"
