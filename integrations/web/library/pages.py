"""The library as pages that need no script: the index by theme and country, and one document with its sources."""

from collections.abc import Sequence
from datetime import date
from string import Template
from urllib.parse import quote

from integrations.web.markup import Markup, element, web_link
from knowledge.jurisdictions import JURISDICTIONS
from knowledge.topics import THEME_NAMES, by_theme, in_jurisdiction, is_review_due, jurisdictions_of
from knowledge.types import Block, Document, Reference, Source

_SHOWN = ("AL", "BA", "XK", "ME", "MK", "RS", "BD", "NP", "PK", "IQ", "EU")
_LONGEST_TAIL = 20
_PAGE = Template(
    """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>$title</title>
  <link rel="stylesheet" href="$root/static/style.css">
  <link rel="stylesheet" href="$root/static/library.css">
</head>
<body>
  <div class="page">
    <a class="skip" href="#content">Skip to the content</a>
    <header class="masthead">
      <p class="name"><a href="$root/">Migration Desk</a></p>
      <a href="$root/library">Library</a>
    </header>
    <main id="content" class="library">$body</main>
    <footer><p>Check dates before relying on a document.</p></footer>
  </div>
</body>
</html>
"""
)


def index_page(sources: Sequence[Source], country: str | None, today: date, root: str) -> str:
    """Topics by theme, of one country or of all. ``root`` is the path under which the desk is served."""
    shown = in_jurisdiction(sources, country) if country else list(sources)
    of = f" on {JURISDICTIONS[country]}" if country else ""
    parts = [element("h1", {}, "What the desk can answer from"), _countries(sources, country, root)]
    documents = "document" if len(shown) == 1 else "documents"
    parts.append(element("p", {"class": "status"}, f"{len(shown)} {documents}{of}."))
    for theme, listed in by_theme(shown).items():
        items = [_entry(source, today, root) for source in listed]
        parts.append(element("section", {}, element("h2", {}, THEME_NAMES[theme]), element("ul", {}, *items)))
    return _page("Library · Migration Desk", parts, root)


def document_page(
    document: Document, today: date, root: str, newest: Source | None = None, has_original: bool = False
) -> str:
    """The whole text, each statement followed by the numbers of the publications it rests on. ``newest``: the version
    in force today, which an older one leads to."""
    source = document.source
    numbers = {reference.id: number for number, reference in enumerate(source.references, start=1)}
    parts = [element("h1", {"dir": "auto"}, source.title), element("p", {"class": "status"}, _dates(source))]
    if newest is not None and newest.version > source.version:
        link = element("a", {"href": _address(source, root)}, "Read the version in force today")
        parts.append(element("p", {"class": "notice"}, f"This is version {source.version}. ", link, "."))
    original = web_link(source.url)
    if has_original:
        address = f"{root}/api/originals/{quote(source.id)}?version={source.version}"
        parts.append(element("p", {}, element("a", {"href": address}, "Download the original file")))
    elif original is not None:
        parts.append(element("p", {}, original))
    if is_review_due(source.review_by, today):
        parts.append(element("p", {"class": "notice"}, "The review planned for this document is due."))
    if source.disagreements:
        parts.append(_disagreements(document, numbers))
    # The one heading over everything is the title again.
    headings = title = _heading_over_all(document)
    items: list[Markup] = []
    for block in document.blocks:
        if items and (block.kind != "item" or block.headings != headings):
            parts.append(element("ul", {"class": "statements"}, *items))
            items = []
        parts += _headings(headings, block.headings, len(title))
        headings = block.headings
        said = _statements(document, block, numbers)
        if block.kind == "item":
            items.append(element("li", {"dir": "auto"}, *said))
        else:
            parts.append(element("p", {"dir": "auto"}, *said))
    if items:
        parts.append(element("ul", {"class": "statements"}, *items))
    parts += _references(source.references)
    return _page(f"{source.title} · Migration Desk", parts, root)


def missing_page(root: str) -> str:
    """The same words for what is absent and what is hidden."""
    back = element("p", {}, element("a", {"href": f"{root}/library"}, "To the library"))
    return _page("Not found · Migration Desk", [element("h1", {}, "There is no such document."), back], root)


def _page(title: str, parts: Sequence[Markup], root: str) -> str:
    return _PAGE.substitute(title=element("x", {}, title)[3:-4], root=element("x", {}, root)[3:-4], body="".join(parts))


def _countries(sources: Sequence[Source], chosen: str | None, root: str) -> Markup:
    """The region and its partners at once, the many others folded away."""
    links = {
        code: _choice(
            f"{root}/library?country={code}", f"{JURISDICTIONS[code]}\N{NO-BREAK SPACE}{count}", code == chosen
        )
        for code, count in jurisdictions_of(sources).items()
    }
    first = [link for code, link in links.items() if code in _SHOWN]
    others = [link for code, link in links.items() if code not in _SHOWN]
    parts = [element("div", {"class": "countries"}, _choice(f"{root}/library", "All", chosen is None), *first)]
    if others:
        folded = element("div", {"class": "countries"}, *others)
        opened = {"open": ""} if chosen is not None and chosen not in _SHOWN else {}
        parts.append(element("details", opened, element("summary", {}, "Other countries"), folded))
    return element("nav", {"aria-label": "Countries"}, *parts)


def _choice(address: str, label: str, chosen: bool) -> Markup:
    return element("a", {"href": address, **({"aria-current": "true"} if chosen else {})}, label)


def _entry(source: Source, today: date, root: str) -> Markup:
    due = [element("span", {"class": "due"}, " · review due")] if is_review_due(source.review_by, today) else []
    link = element("a", {"href": _address(source, root), "dir": "auto"}, source.title)
    return element("li", {}, link, element("p", {"class": "facts"}, _dates(source), *due))


def _address(source: Source, root: str) -> str:
    return f"{root}/library/{quote(source.id)}"


def _dates(source: Source) -> str:
    as_of = source.as_of or source.published
    said = [f"as of {as_of}" if as_of else "undated"]
    if source.review_by:
        said.append(f"review by {source.review_by}")
    if source.references:
        said.append(f"{len(source.references)} {'source' if len(source.references) == 1 else 'sources'}")
    return " · ".join(said)


def _heading_over_all(document: Document) -> tuple[str, ...]:
    outermost = {block.headings[:1] for block in document.blocks}
    return outermost.pop() if len(outermost) == 1 else ()


def _headings(before: tuple[str, ...], now: tuple[str, ...], outside: int) -> list[Markup]:
    """The headings that open between two blocks; the first ``outside`` ones are not shown."""
    same = 0
    while same < min(len(before), len(now)) and before[same] == now[same]:
        same += 1
    return [
        element(f"h{min(6, depth - outside + 2)}", {"dir": "auto"}, now[depth])
        for depth in range(max(same, outside), len(now))
    ]


def _statements(document: Document, block: Block, numbers: dict[str, int]) -> list[str]:
    parts: list[str] = []
    position = block.span.start
    for attribution in document.attributions:
        if block.span.start <= attribution.span.start and attribution.span.end <= block.span.end:
            said = document.text[position : attribution.span.end].rstrip()
            parts += [*_with_numbers(said, attribution.reference_ids, numbers), " "]
            position = attribution.span.end
    return [*parts, document.text[position : block.span.end]]


def _with_numbers(said: str, reference_ids: Sequence[str], numbers: dict[str, int]) -> list[str]:
    """The words and the numbers of their sources, the end of the last word kept on one line with the first."""
    shown = [numbers[identifier] for identifier in reference_ids if identifier in numbers]
    links = [element("a", {"class": "citation", "href": f"#source-{number}"}, str(number)) for number in shown]
    cut = max(said.rfind(" ") + 1, len(said) - _LONGEST_TAIL)
    return [said[:cut], element("span", {"class": "tail"}, said[cut:], *links[:1]), *links[1:]]


def _disagreements(document: Document, numbers: dict[str, int]) -> Markup:
    parts: list[Markup] = [element("h2", {}, "Where the sources differ")]
    for disagreement in document.source.disagreements:
        parts.append(element("p", {"dir": "auto"}, disagreement.about[:1].upper() + disagreement.about[1:] + ":"))
        items = [
            element("li", {"dir": "auto"}, *_with_numbers(position.says, position.reference_ids, numbers))
            for position in disagreement.positions
        ]
        parts.append(element("ul", {"class": "statements"}, *items))
    return element("section", {"class": "differ"}, *parts)


def _references(references: Sequence[Reference]) -> list[Markup]:
    if not references:
        return []
    items = []
    for number, reference in enumerate(references, start=1):
        link = web_link(reference.url)
        facts = ", ".join(filter(None, (reference.publisher, reference.published or "undated")))
        items.append(
            element(
                "li",
                {"id": f"source-{number}"},
                element("span", {"dir": "auto"}, reference.title),
                element("p", {"class": "facts"}, facts, *([" · ", link] if link else [])),
            )
        )
    return [element("h2", {}, "Publications this document rests on"), element("ol", {"class": "references"}, *items)]
