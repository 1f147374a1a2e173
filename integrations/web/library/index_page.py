"""The library's index: documents by theme, of all countries or one, and what a search found."""

import re
from collections.abc import Sequence

from fastapi.responses import HTMLResponse

from integrations.web.library.addresses import document_address, place_address
from integrations.web.library.searching import LONGEST_QUERY, Hit, Hits
from integrations.web.library.words import KOSOVO, Words
from integrations.web.markup import Attributes, Markup, element
from integrations.web.shell import page
from knowledge.topics import by_theme, in_jurisdiction, jurisdictions_of
from knowledge.types import Source
from knowledge.wording import beginnings

STYLES = ("library.css",)
# At once; all other countries are folded away.
_REGION = ("AL", "BA", "XK", "ME", "MK", "RS", "BD", "NP", "PK", "IQ", "EU")
_LONGEST_EXCERPT = 320
_WORD = re.compile(r"(\W+)")


def index_page(words: Words, sources: Sequence[Source], country: str | None) -> HTMLResponse:
    """Documents by theme, of one country or of all."""
    shown = in_jurisdiction(sources, country) if country else list(sources)
    themes = by_theme(shown)
    parts = [
        element("h1", {}, words("library.title")),
        _search_form(words, ""),
        _countries(words, sources, country),
        element("p", {"class": "status"}, _count(words, len(shown), country)),
        _theme_links(words, {theme: len(listed) for theme, listed in themes.items()}),
    ]
    for theme, listed in themes.items():
        items = [_entry(words, source) for source in listed]
        heading = element("h2", {}, words.theme(theme))
        parts.append(element("section", {"id": f"theme-{theme}"}, heading, element("ul", {"class": "cards"}, *items)))
    if any(source.subject is not None and KOSOVO in source.subject.jurisdictions for source in sources):
        parts.append(words.kosovo_note())
    return page(words.shell, title=words("library.name"), body=[_library(parts)], styles=STYLES)


def search_page(words: Words, query: str, hits: Hits) -> HTMLResponse:
    """What was found, each with the sentence that shows why and a link to it."""
    parts = [
        element("h1", {}, words("library.title")),
        _search_form(words, query),
    ]
    if hits.found:
        parts.append(element("p", {"class": "status"}, words.counted("search.found", len(hits.found))))
        parts.append(element("ul", {"class": "cards"}, *(_found(words, hit, hits.sought) for hit in hits.found)))
    else:
        parts.append(element("p", {"class": "empty"}, words("search.none")))
    if hits.near:
        parts.append(element("h2", {}, words("search.near")))
        parts.append(element("ul", {"class": "cards"}, *(_found(words, hit, hits.sought) for hit in hits.near)))
    everything = element("a", {"href": f"{words.shell.root}/library"}, words("search.everything"))
    parts.append(element("p", {}, everything))
    return page(words.shell, title=words("search.title"), body=[_library(parts)], styles=STYLES)


def _library(parts: Sequence[Markup]) -> Markup:
    return element("div", {"class": "library"}, *parts)


def _search_form(words: Words, query: str) -> Markup:
    field = {"type": "search", "id": "q", "name": "q", "value": query, "maxlength": str(LONGEST_QUERY), "dir": "auto"}
    row = element("div", {"class": "row"}, element("input", field), element("button", {}, words("search.button")))
    label = element("label", {"for": "q"}, words("search.label"))
    action = f"{words.shell.root}/library"
    return element("form", {"class": "search", "role": "search", "action": action}, label, row)


def _count(words: Words, count: int, country: str | None) -> str:
    if country is None:
        return words.counted("library.count", count)
    return words.counted("library.count_country", count, country=words.country(country))


def _countries(words: Words, sources: Sequence[Source], chosen: str | None) -> Markup:
    """The region and its partners at once, the many others folded away."""
    address = f"{words.shell.root}/library"
    links = {
        code: _choice(f"{address}?country={code}", words.country(code), count, code == chosen)
        for code, count in jurisdictions_of(sources).items()
    }
    first = [link for code, link in links.items() if code in _REGION]
    others = [link for code, link in links.items() if code not in _REGION]
    everything = _choice(address, words("library.every_country"), len(sources), chosen is None)
    parts = [element("div", {"class": "filters"}, everything, *first)]
    if others:
        folded = element("div", {"class": "filters"}, *others)
        opened: Attributes = {"class": "more", "open": chosen is not None and chosen not in _REGION}
        parts.append(element("details", opened, element("summary", {}, words("library.other_countries")), folded))
    return element("nav", {"class": "countries", "aria-label": words("library.countries")}, *parts)


def _choice(address: str, label: str, count: int, chosen: bool) -> Markup:
    number = element("span", {"class": "count"}, str(count))
    current = "true" if chosen else None
    return element("a", {"href": address, "aria-current": current}, label, "\N{NO-BREAK SPACE}", number)


def _theme_links(words: Words, counts: dict[str, int]) -> Markup:
    links = [_choice(f"#theme-{theme}", words.theme(theme), count, False) for theme, count in counts.items()]
    parts = element("div", {"class": "filters"}, *links)
    return element("nav", {"class": "themes", "aria-label": words("library.themes")}, parts)


def _entry(words: Words, source: Source) -> Markup:
    return element(
        "li", {}, _title_link(words, source, document_address(words.shell.root, source.id)), words.facts(source)
    )


def _found(words: Words, hit: Hit, sought: frozenset[str]) -> Markup:
    source, root = hit.source, words.shell.root
    if hit.span is None or hit.text is None:
        return _entry(words, source)
    address = place_address(root, source.id, source.version, hit.span.start, hit.span.end)
    excerpt = {"class": "excerpt", "dir": "auto", "lang": source.language}
    return element(
        "li",
        {},
        _title_link(words, source, address),
        element("p", excerpt, *_excerpt(hit.text, sought)),
        words.facts(source),
    )


def _title_link(words: Words, source: Source, address: str) -> Markup:
    attributes = {"class": "title", "href": address, "dir": "auto", "lang": source.language}
    return element("a", attributes, source.title)


def _excerpt(text: str, sought: frozenset[str]) -> list[str]:
    """The sentence, not all of a long one, with the words that were looked for marked."""
    cut = " ".join(text.split())
    if len(cut) > _LONGEST_EXCERPT:
        cut = cut[:_LONGEST_EXCERPT].rsplit(" ", 1)[0] + " …"
    return [element("mark", {}, word) if beginnings(word) & sought else word for word in _WORD.split(cut) if word]
