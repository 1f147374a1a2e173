"""A document's text as markup: headings, paragraphs and lists, each statement followed by the numbers of the
publications it rests on, in the document's own language and direction."""

from collections.abc import Mapping, Sequence

from assistant.written_places import written_place
from integrations.web.library.quoted import QuotedText
from integrations.web.markup import Markup, element
from knowledge.types import Block, Document, Span

Numbers = Mapping[str, int]  # reference id → its number on the page
_LONGEST_TAIL = 20
_AUTO = {"dir": "auto"}


def text_of(document: Document, text: QuotedText, numbers: Numbers, language: str) -> list[Markup]:
    """Everything there is to read, in order. ``text`` remembers whether the quoted place has been marked; pages, slides
    and rows are named in ``language``, the reader's."""
    parts: list[Markup] = []
    items: list[Markup] = []
    # The one heading over everything is the title again.
    headings = title = _heading_over_all(document)
    place = ""
    for block in document.blocks:
        if items and (block.kind != "item" or block.headings != headings):
            parts.append(_list(items))
            items = []
        parts += _headings(headings, block.headings, len(title))
        headings = block.headings
        if block.place != place and block.kind == "paragraph":
            place_in_words = written_place(block.place, language)
            parts.append(element("p", {"class": "facts place", "dir": "auto", "lang": language}, place_in_words))
        place = block.place
        said = _statements(document, block, text, numbers)
        if block.kind == "item":
            items.append(element("li", _AUTO, *said))
        else:
            parts.append(element("p", _AUTO, *said))
    return [*parts, _list(items)] if items else parts


def with_numbers(text: QuotedText, span: Span, reference_ids: Sequence[str], numbers: Numbers) -> list[str]:
    """The words and the numbers of their sources, the end of the last word kept on one line with the first."""
    shown = [numbers[identifier] for identifier in reference_ids if identifier in numbers]
    links = [element("a", {"class": "citation", "href": f"#source-{number}"}, str(number)) for number in shown]
    if not links:
        return text.between(span.start, span.end)
    cut = max(text.text.rfind(" ", span.start, span.end) + 1, span.end - _LONGEST_TAIL, span.start)
    before = text.between(span.start, cut)
    tail = element("span", {"class": "tail"}, *text.between(cut, span.end), links[0])
    return [*before, tail, *links[1:]]


def _statements(document: Document, block: Block, text: QuotedText, numbers: Numbers) -> list[str]:
    parts: list[str] = []
    position = block.span.start
    for attribution in document.attributions:
        if block.span.start <= attribution.span.start and attribution.span.end <= block.span.end:
            end = position + len(document.text[position : attribution.span.end].rstrip())
            parts += [*with_numbers(text, Span(position, end), attribution.reference_ids, numbers), " "]
            position = attribution.span.end
    return [*parts, *text.between(position, block.span.end)]


def _list(items: Sequence[Markup]) -> Markup:
    return element("ul", {"class": "statements"}, *items)


def _heading_over_all(document: Document) -> tuple[str, ...]:
    outermost = {block.headings[:1] for block in document.blocks}
    return outermost.pop() if len(outermost) == 1 else ()


def _headings(before: tuple[str, ...], now: tuple[str, ...], outside: int) -> list[Markup]:
    """The headings that open between two blocks; the first ``outside`` ones are not shown."""
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return [
        element(f"h{min(6, depth - outside + 2)}", _AUTO, now[depth]) for depth in range(max(same, outside), len(now))
    ]
