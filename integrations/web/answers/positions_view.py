"""What the sources say, each with its date and its own words, instead of one text made of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from integrations.web.answers.citing import citation_link, date_of, original_link
from integrations.web.answers.words import said
from integrations.web.markup import Markup, element
from integrations.web.shell import Shell
from integrations.wire import AnswerOut, CitationOut

_LEAST = 2


@dataclass(frozen=True, slots=True)
class _Row:
    """What one source says. ``citation`` leads to it, where a sentence of the answer rests on it."""

    name: str
    published: str | None
    url: str | None
    quotes: tuple[str, ...]
    citation: CitationOut | None
    about: str = ""


def positions(shell: Shell, answer: AnswerOut) -> list[Markup]:
    """A table that can be unfolded; nothing where there is nothing to set side by side."""
    rows = _rows(answer)
    if not rows:
        return []
    heads = [element("th", {"scope": "col"}, said(shell, f"positions.{name}")) for name in ("source", "date", "says")]
    caption = element("caption", {}, said(shell, "positions.note"))
    bodies = [_body(shell, about, list(group)) for about, group in groupby(rows, key=lambda row: row.about)]
    table = element(
        "table", {"class": "table stacked"}, caption, element("thead", {}, element("tr", {}, *heads)), *bodies
    )
    shown = element("div", {"class": "positions"}, table)
    return [element("details", {"class": "more"}, element("summary", {}, said(shell, "positions.show")), shown)]


def _rows(answer: AnswerOut) -> Sequence[_Row]:
    """As the answer itself sets them side by side; else its quotes by source, where that tells something."""
    cited = {citation.number: citation for citation in _citations(answer)}
    if len(answer.positions) >= _LEAST:
        return [
            _Row(
                each.publisher or each.title,
                each.published,
                each.url,
                (each.says,),
                cited.get(each.number) if each.number is not None else None,
                each.about,
            )
            for each in answer.positions
        ]
    rows = []
    for source in answer.sources:
        own = [citation for citation in _citations(answer) if citation.number == source.number]
        quotes = tuple(dict.fromkeys(citation.quote for citation in own))
        first = own[0] if own else None
        rows.append(_Row(source.publisher or source.title, source.published, source.url, quotes, first))
    days = {row.published for row in rows if row.published}
    if len({row.quotes for row in rows}) < _LEAST or len(days) < _LEAST:
        return []
    return sorted(rows, key=lambda row: row.published or "", reverse=True)


def _citations(answer: AnswerOut) -> Iterable[CitationOut]:
    return (citation for sentence in answer.sentences for citation in sentence.citations)


def _body(shell: Shell, about: str, rows: Sequence[_Row]) -> Markup:
    head = {"class": "about", "scope": "rowgroup", "colspan": "3", "dir": "auto", "lang": ""}
    title = [element("tr", {}, element("th", head, about))] if about else []
    return element("tbody", {}, *title, *(_row(shell, row) for row in rows))


def _row(shell: Shell, row: _Row) -> Markup:
    name = element("bdi", {}, row.name)
    if row.citation is not None:
        source: list[str] = [name, " ", citation_link(shell, row.citation)]
    else:
        source = [original_link(shell, row.url, name) or name]
    quotes = [element("p", {"dir": "auto", "lang": ""}, quote) for quote in row.quotes]
    return element(
        "tr",
        {},
        element("th", {"scope": "row", "data-label": said(shell, "positions.source")}, *source),
        element("td", {"class": "date", "data-label": said(shell, "positions.date")}, date_of(shell, row.published)),
        element("td", {"class": "says", "data-label": said(shell, "positions.says")}, *quotes),
    )
