"""The window "Sources": where they differ what each says, and every quote marked in the words around it. Pure."""

from collections.abc import Mapping

from assistant.types import Answer, Citation
from assistant.written_places import written_place
from integrations.slack.blocks import Block, context, divider, literal, modal, section, written_section
from integrations.slack.limits import shortened
from integrations.slack.neutralising import clean, clean_lines
from integrations.slack.position_list import position_sections
from integrations.slack.source_list import citations_of, title_lines
from integrations.slack.texts import text

# Four blocks each, and all in all well below the size that a view may have, also in scripts of many bytes.
_QUOTES, _QUOTES_BELOW_POSITIONS = 22, 17
_LONGEST_QUOTE = 900
_AROUND = 450
_LONGEST_LOCATOR = 160


def sources_view(answer: Answer, surroundings: Mapping[str, str]) -> Block:
    """``surroundings``: for each passage id, the stored text around it (any length). A passage that is not there, or
    that does not hold the quote, is shown by the quote alone. A quote that several sources stand behind is shown once,
    under all of them."""
    quotes: dict[tuple[str, str], list[Citation]] = {}
    for citation in citations_of(answer):
        quotes.setdefault((citation.passage_id, citation.quote), []).append(citation)
    blocks = position_sections(answer)
    most = _QUOTES_BELOW_POSITIONS if blocks else _QUOTES
    headed: list[str] = []
    for (passage_id, _), citations in list(quotes.items())[:most]:
        lines = title_lines(citations, answer.language)
        if lines != headed:
            blocks += [*([divider()] if headed else []), written_section("\n".join(lines))]
            headed = lines
        blocks.append(_quote_in_place(citations[0].quote, surroundings.get(passage_id, "")))
        if place := _place(citations[0], answer.language):
            blocks.append(context(*place))
    if not quotes:
        blocks.append(section(text("sources.none", answer.language)))
    if len(quotes) > most:
        blocks.append(context(text("sources.more", answer.language, count=len(quotes) - most)))
    return modal(text("view.sources", answer.language), blocks, text("view.close", answer.language))


def waiting_view(language: str) -> Block:
    """What is opened at once, before anything has been looked up."""
    return modal(
        text("view.wait", language), [section(text("sources.waiting", language))], text("view.close", language)
    )


def gone_view(language: str) -> Block:
    """For an answer that is no longer kept, and alike for one that is not for this person."""
    return modal(text("view.gone", language), [section(text("sources.gone", language))], text("view.close", language))


def _place(citation: Citation, language: str) -> list[str]:
    parts = [text("sources.version", language, version=citation.version)] if citation.version > 1 else []
    locator = shortened(clean(written_place(citation.locator, language)), _LONGEST_LOCATOR)
    return [*parts, locator] if locator else parts


def _quote_in_place(quote: str, around: str) -> Block:
    """The quote in bold between what stands before and after it in the document."""
    before, found, after = around.partition(quote) if quote else ("", "", "")
    runs = []
    if found and (lead := _end_of(_close_lines(before))):
        runs.append(literal(lead + _gap(before)))
    runs.append(literal(shortened(_close_lines(quote), _LONGEST_QUOTE) or "–", bold=True))
    if found and (rest := shortened(_close_lines(after), _AROUND)):
        runs.append(literal(_gap(after[::-1]) + rest))
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": runs}]}


def _close_lines(words: str) -> str:
    """Without empty lines, of which some documents have many."""
    return clean_lines(words).replace("\n\n", "\n")


def _gap(before: str) -> str:
    """A line end or a space, as stands in the document between a text and what follows it."""
    blank = before[len(before.rstrip()) :]
    return "\n" if "\n" in blank else " " if blank else ""


def _end_of(words: str) -> str:
    """The last words, as many as are shown before a quote."""
    if len(words) <= _AROUND // 2:
        return words
    tail = words[-_AROUND // 2 :]
    _, space, rest = tail.partition(" ")
    return "… " + (rest if space else tail)
