"""What kind of thing answers a question, where its words say so: a number or a date; whether a text holds one. Pure.

"How many visitors came to the fair?" is nearest to the sentence that tells of the fair, also where nobody counted them.
"""

import re
from enum import StrEnum
from functools import cache

from assistant.word_patterns import holding, read, word_lists
from knowledge.dates import dates
from knowledge.figures import count_of, figures
from knowledge.normalisation import words_of

# The mark of an item is no number of anything.
_ITEM = re.compile(r"(?m)(?:^|(?<=[\s:(]))\d{1,2}[.)](?=\s)")
# Neither is that of an article, a resolution or a page.
_NUMBERED = re.compile(r"\b(?:[A-Z]{2,}|Art(?:icle|\.)?|No\.?|Chapter|Section|[Pp]age|[Pp]hase|Annex) ?\d+")
_YEARS = re.compile(r"(?<!\d)(?:1\d|20)\d{2}(?!\d)")


class AnswerKind(StrEnum):
    QUANTITY = "quantity"
    DATE = "date"


def kind_wanted(question: str) -> AnswerKind | None:
    """None where the words of the question do not say, which is the usual case."""
    text = read(question)
    patterns = _patterns()
    if patterns["date"].search(text):
        return AnswerKind.DATE
    if patterns["no_quantity"].search(text):
        return None
    return AnswerKind.QUANTITY if patterns["quantity"].search(text) or patterns["amounts"].search(text) else None


def holds(kind: AnswerKind, text: str) -> bool:
    """Whether the text says something of the kind: a date as far as a year, or a number that is no date's; or says that
    it is not told."""
    days, rest = dates(_ITEM.sub(" ", text))
    if _patterns()["left_open"].search(read(rest)):
        return True
    if kind is AnswerKind.DATE:
        return bool(days) or _YEARS.search(text) is not None
    # The second meeting is no number of meetings.
    counted = figures(_NUMBERED.sub(" ", rest), words=False) or any(map(count_of, words_of(rest)))
    return bool(counted) or _patterns()["said_in_words"].search(read(rest)) is not None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    lists = word_lists("answer_kind.toml")
    amounts = f"what (?:is|was|are|were|will be) the(?: [^ |]+){{0,2}} {lists['amounts']}"
    return {name: holding(words) for name, words in {**lists, "amounts": amounts}.items()}
