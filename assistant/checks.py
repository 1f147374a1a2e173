"""What a model's statement must pass before it is shown. Pure, but for the similarities handed in.

1. Every label was given to the model; unknown ones vanish, and a statement left with none is dropped.
2. Every figure, date and name in it stands in a passage it cites.
3. It carries no address: nothing in an answer shall lead anywhere but to our own sources.
4. A cited passage supports it, by similarity of the statement to the passage's sentences.
That its quote stands in the document letter for letter is checked where citations are made (``citing``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.labels import LabelledPassages
from assistant.names import figures, months, names
from assistant.parsing import Statement
from knowledge.spelling import folded_words, mentions
from knowledge.types import Retrieved

_ADDRESS = re.compile(
    r"\w+://|https?:|www\.|\]\(|!\[|<\s*[a-zA-Z/!]"
    r"|\b[\w.+-]+@[\w-]+\.\w"
    r"|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}/"
    r"|\b[\w-]+\.(?:com|org|net|int|info|eu|gov|edu|io)\b",
    re.IGNORECASE,
)
# Cosine of a statement to the best sentence of its passage, with the local embedder: see evals/README.md.
LEAST_SIMILARITY = 0.84
LEAST_SIMILARITY_ACROSS = 0.80


class Reason(StrEnum):
    """Why a statement was dropped."""

    NO_LABEL = "no_label"
    UNKNOWN_LABEL = "unknown_label"
    ADDRESS = "address"
    FIGURE = "figure"
    MONTH = "month"
    NAME = "name"
    UNSUPPORTED = "unsupported"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Checked:
    """The passages a statement may cite, or the reason why it is dropped."""

    cited: tuple[Retrieved, ...] = ()
    reason: Reason | None = None


def check_words(statement: Statement, labelled: LabelledPassages, same_language: bool) -> Checked:
    """The checks that need no embedder."""
    if not statement.labels:
        return Checked(reason=Reason.NO_LABEL)
    cited = tuple(found for label in statement.labels if (found := labelled.get(label)) is not None)
    if not cited:
        return Checked(reason=Reason.UNKNOWN_LABEL)
    if _ADDRESS.search(statement.text):
        return Checked(reason=Reason.ADDRESS)
    texts = [_said(found) for found in cited]
    together = "\n".join(texts)
    if figures(statement.text) - figures(together):
        return Checked(reason=Reason.FIGURE)
    if months(statement.text) - months(together):
        return Checked(reason=Reason.MONTH)
    vocabulary = frozenset(folded_words(together))
    for name in names(statement.text):
        # Across languages a country has another name altogether (Nemačka, Germany); only a spelling can be compared,
        # so there only abbreviations and words with a figure in them must be found as they are.
        comparable = same_language or name.isupper()
        if comparable and not mentions(name, vocabulary):
            return Checked(reason=Reason.NAME)
    return Checked(cited=cited)


def supported(similarities: Sequence[Sequence[float]], same_language: bool) -> list[bool]:
    """For each cited passage, whether its best sentence is near enough to the statement."""
    least = LEAST_SIMILARITY if same_language else LEAST_SIMILARITY_ACROSS
    return [max(units, default=0.0) >= least for units in similarities]


def _said(found: Retrieved) -> str:
    """What a passage says together with the title and headings it stands under."""
    references = " ".join(f"{r.title} {r.published or ''}" for r in found.source.references)
    return "\n".join(
        (
            found.source.title,
            found.source.published or "",
            *found.passage.headings,
            references,
            found.passage.text,
        )
    )
