"""The sources of an answer as short entries under it. Pure."""

from collections.abc import Sequence

from assistant.types import Answer, Citation, SourceCard
from assistant.written_dates import written_date
from integrations.slack.blocks import Block, context, written_section
from integrations.slack.limits import CONTAINER_CHILDREN, SECTION, fitted, length
from integrations.slack.neutralising import clean, mrkdwn, mrkdwn_link
from integrations.slack.texts import text

_LONGEST_TITLE, _LONGEST_PUBLISHER, _LONGEST_DATE, _LONGEST_QUOTE = 240, 120, 30, 300
# The last two children are for the sources that have no entry of their own.
_ENTRIES = CONTAINER_CHILDREN - 2


def source_sections(answer: Answer) -> list[Block]:
    """An entry with a quote for each of the first sources, one line for each of the next, and how many are left; at
    most as many blocks as a container takes."""
    shown, rest = answer.sources[:_ENTRIES], answer.sources[_ENTRIES:]
    quotes = _quotes(answer, shown)
    sections = [written_section(_entry(card, quotes.get(card.number), answer.language)) for card in shown]
    lines = title_lines(rest, answer.language)
    if lines:
        sections.append(written_section("\n".join(lines)))
    if left := len(rest) - len(lines):
        sections.append(context(text("answer.more_sources", answer.language, count=left)))
    return sections


def title_lines(sources: Sequence[SourceCard | Citation], language: str) -> list[str]:
    """``[1] title · publisher · date`` of as many as one section has room for, in mrkdwn."""
    lines: list[str] = []
    for source in sources:
        known = (mrkdwn(part) for part in particulars(source.publisher, source.published, language))
        line = " · ".join((linked_title(source.number, source.title, source.url, language), *known))
        if length("\n".join((*lines, line))) > SECTION:
            break
        lines.append(line)
    return lines


def particulars(publisher: str | None, published: str | None, language: str) -> list[str]:
    """Publisher and date, as far as they are known, cleaned and cut but not yet written for any format."""
    date = written_date(published, language) if published else None
    known = ((publisher, _LONGEST_PUBLISHER), (date, _LONGEST_DATE))
    return [fitted(part, most, clean) for part, most in known if part and clean(part)]


def linked_title(number: int | None, title: str, url: str | None, language: str) -> str:
    """``[1] title`` in mrkdwn, linked where the source has an address; without a number for one that is not cited."""
    title = fitted(title, _LONGEST_TITLE, clean) or text("answer.untitled", language)
    return (f"[{number}] " if number is not None else "") + mrkdwn_link(title, url)


def _entry(card: SourceCard, quote: str | None, language: str) -> str:
    parts = [linked_title(card.number, card.title, card.url, language)]
    if known := particulars(card.publisher, card.published, language):
        parts.append(" · ".join(mrkdwn(part) for part in known))
    if quote and (words := fitted(quote, _LONGEST_QUOTE, mrkdwn)):
        parts.append(f"“{words}”")
    return "\n".join(parts)


def _quotes(answer: Answer, cards: Sequence[SourceCard]) -> dict[int, str]:
    """By the number of a source a quote from it; where it can be, one that stands at no source before."""
    given: dict[int, list[str]] = {}
    for citation in citations_of(answer):
        given.setdefault(citation.number, []).append(citation.quote)
    chosen: dict[int, str] = {}
    for number in (card.number for card in cards if card.number in given):
        fresh = (quote for quote in given[number] if quote not in chosen.values())
        chosen[number] = next(fresh, given[number][0])
    return chosen


def citations_of(answer: Answer) -> Sequence[Citation]:
    """Every citation once, in the order in which they are given."""
    every = (citation for sentence in answer.sentences for citation in sentence.citations)
    return list(dict.fromkeys(every))
