"""The short labels a model sees instead of ids: passage 1 to n of this question, and nothing else resolves."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from knowledge.types import Retrieved


@dataclass(frozen=True, slots=True)
class LabelledPassages:
    passages: tuple[Retrieved, ...]

    @classmethod
    def of(cls, passages: Sequence[Retrieved]) -> "LabelledPassages":
        return cls(tuple(passages))

    def get(self, label: int) -> Retrieved | None:
        """The passage of a label, or None for one that was never given."""
        return self.passages[label - 1] if 1 <= label <= len(self.passages) else None

    def rendered(self) -> str:
        """The passages for the prompt, fenced. Their text is escaped, so that no document can close its own fence."""
        return "\n".join(
            f'<passage label="{number}" title={quoteattr(found.source.title)} date={quoteattr(_date(found))} '
            f"section={quoteattr(' / '.join(found.passage.headings))}>\n{escape(found.passage.text)}\n</passage>"
            for number, found in enumerate(self.passages, start=1)
        )


def _date(found: Retrieved) -> str:
    return found.source.published or found.source.as_of or "undated"
