"""A stretch of a document's text as markup, with the quoted place in it marked."""

from dataclasses import dataclass, field

from integrations.web.markup import Markup, element
from knowledge.types import Span

PLACE = "quote"  # the id of the first mark, where links to a quoted place lead


@dataclass(slots=True)
class QuotedText:
    """``text`` is a document's stored text, ``quote`` the place to mark in it; all offsets are in code points.
    ``is_marked`` tells whether any of it has been shown yet."""

    text: str
    quote: Span | None
    is_marked: bool = field(default=False, init=False)

    def between(self, start: int, end: int) -> list[str]:
        """The characters from ``start`` up to ``end``, what is quoted of them in a mark."""
        first, last = (max(start, self.quote.start), min(end, self.quote.end)) if self.quote else (end, end)
        if first >= last or not self.text[first:last].strip():
            return [self.text[start:end]]
        identifier = None if self.is_marked else PLACE
        self.is_marked = True
        mark: Markup = element("mark", {"id": identifier}, self.text[first:last])
        return [self.text[start:first], mark, self.text[last:end]]


def clamped(text: str, start: int | None, end: int | None) -> Span | None:
    """The place as far as it lies in the text; None where nothing of it does."""
    if start is None or end is None:
        return None
    start, end = min(start, len(text)), min(end, len(text))
    return Span(start, end) if start < end and text[start:end].strip() else None
