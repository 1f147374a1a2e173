"""What changed between two versions of a document as one page that needs nothing else: no network and no script."""

from collections.abc import Iterable, Iterator
from importlib import resources
from itertools import groupby
from string import Template

from assistant.language import ENGLISH
from assistant.written_dates import written_date
from integrations.web.markup import Markup, element, web_link
from knowledge.comparison.differences import FACT_NAMES, KIND_NAMES, Change, Differences, FactChange
from knowledge.comparison.outlines import HeadingChange
from knowledge.comparison.reference_changes import ReferenceChange
from knowledge.types import Reference, Source

_PAGE = Template(
    """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
  $title
  <style>
$style
  </style>
</head>
<body>
$body
</body>
</html>
"""
)
# Where an address ends in #only-added, the rest is not shown. Nothing stands between a target and what it rules.
_FILTER = Template(
    """#only-$kind:target ~ main .change:not(.statement.$kind),
#only-$kind:target ~ main section:not(:has(.statement.$kind)) { display: none; }
#only-$kind:target ~ .kinds a[href="#only-$kind"] { background: var(--tint); font-weight: 600; }
"""
)
_WHOLE = {"class": "whole"}


def differences_page(differences: Differences) -> str:
    """The whole page: how many statements changed in each way (each a link that shows only those), then what is known
    of the document, its headings and publications, and every statement under its heading."""
    old, new = differences.old, differences.new
    changes = [
        _section(_path(section), [_change(change, new.language or old.language) for change in those])
        for section, those in groupby(differences.changes, key=lambda change: change.section)
    ]
    parts = [
        element("p", {"class": "facts"}, "What changed"),
        element("h1", {"dir": "auto"}, new.title),
        element("p", {"class": "facts"}, f"{_told(old)} → {_told(new)}"),
        element("p", {"class": "sum"}, _sum(differences)),
        *_kinds(differences),
        element("main", {}, *_about(differences), *changes),
    ]
    style = resources.files("integrations.web").joinpath("static", "differences.css").read_text(encoding="utf-8")
    filters = "".join(_FILTER.substitute(kind=kind) for kind in KIND_NAMES)
    title = element("title", {}, f"What changed · {new.title}")
    return _PAGE.substitute(title=title, style=style + filters, body="\n".join(parts))


def _sum(differences: Differences) -> str:
    if differences.is_empty:
        return "Nothing changed."
    count = len(differences.changes)
    return f"{count} {'statement' if count == 1 else 'statements'} changed, {differences.kept} unchanged."


def _kinds(differences: Differences) -> Iterator[Markup]:
    counts = {kind: count for kind, count in differences.counts.items() if count}
    if not counts:
        return
    yield from (element("span", {"id": f"only-{kind}"}) for kind in counts)
    links = [
        element("a", {"href": f"#only-{kind}"}, _capital(KIND_NAMES[kind]), " ", element("b", {}, str(count)))
        for kind, count in counts.items()
    ]
    everything = element("li", {"class": "everything"}, element("a", {"href": "#everything"}, "Show everything"))
    listed = element("ul", {}, *(element("li", {}, link) for link in links), everything)
    yield element("nav", {"class": "kinds", "aria-label": "Kinds of change"}, listed)


def _about(differences: Differences) -> Iterator[Markup]:
    """What changed besides the statements."""
    if differences.facts:
        yield _section("About the document", map(_fact, differences.facts))
    if differences.headings:
        yield _section("Headings", map(_heading, differences.headings))
    if differences.references:
        yield _section("Publications it rests on", map(_reference_change, differences.references))


def _section(heading: str, items: Iterable[Markup]) -> Markup:
    title = element("h2", {"dir": "auto"}, heading)
    return element("section", {}, title, element("ul", {"class": "changes"}, *items))


def _change(change: Change, language: str | None) -> Markup:
    kinds = (change.kind, *change.also)
    statement = change.new or change.old
    origin = f" from {_path(change.old.headings)}" if change.old and "moved" in kinds else ""
    place = f" · {statement.place}" if statement and statement.place else ""
    what = _what(_capital(", ".join(KIND_NAMES[kind] for kind in kinds)), origin, place)
    words = list(_words(change))
    return _item(
        " ".join(("statement", *kinds)),
        what,
        element("p", {"dir": "auto", **({"lang": language} if language else {})}, *words),
    )


def _words(change: Change) -> Iterator[str]:
    if change.new is None and change.old is not None:
        yield element("del", _WHOLE, change.old.text)
    elif change.old is None and change.new is not None:
        yield element("ins", _WHOLE, change.new.text)
    elif change.new is not None and not change.segments:
        yield change.new.text
    before = ""
    for segment in change.segments:
        if segment.kind == "kept":
            yield segment.text
        elif segment.kind == "removed":
            yield element("del", {}, segment.text)
        else:
            # Copied from the page, the old word and the new one are two.
            yield from (" ",) if before == "removed" else ()
            yield element("ins", {}, segment.text)
        before = segment.kind


def _fact(change: FactChange) -> Markup:
    return _item("", _what(_capital(FACT_NAMES[change.fact])), _instead(change.old, change.new, {}))


def _heading(change: HeadingChange) -> Markup:
    old = None if change.old is None else _path(change.old)
    new = None if change.new is None else _path(change.new)
    return _item(change.kind, _what(_capital(change.kind)), _instead(old, new, _WHOLE))


def _reference_change(change: ReferenceChange) -> Markup:
    old, new = change.old, change.new
    with_address = old is not None and new is not None and old.url != new.url
    told = _reference(old, with_address) if old else None
    instead = _reference(new, with_address) if new else None
    link = web_link(new.url if new else old.url if old else None)
    address = [element("p", {"class": "facts"}, link)] if link else []
    return _item(change.kind, _what(_capital(change.kind)), _instead(told, instead, _WHOLE), *address)


def _reference(reference: Reference, with_address: bool) -> str:
    address = reference.url if with_address else None
    facts = (reference.title, reference.publisher, _date(reference.published) or "undated", address)
    return ", ".join(filter(None, facts))


def _instead(old: str | None, new: str | None, alone: dict[str, str]) -> Markup:
    """The old words before the new ones. ``alone`` are the attributes of words that have no other."""
    parts = [element(tag, {} if old and new else alone, words) for tag, words in (("del", old), ("ins", new)) if words]
    return element("p", {"dir": "auto"}, *parts[:1], *(part for rest in parts[1:] for part in (" ", rest)))


def _item(kinds: str, *parts: Markup) -> Markup:
    return element("li", {"class": f"change {kinds}".strip()}, *parts)


def _what(name: str, *rest: str) -> Markup:
    return element("p", {"class": "what"}, element("b", {}, name), *(element("bdi", {}, part) for part in rest if part))


def _path(section: Iterable[str]) -> str:
    return " › ".join(section) or "Opening"


def _told(source: Source) -> str:
    dated = _date(source.as_of or source.published)
    return f"version {source.version}" + (f", as of {dated}" if dated else "")


def _date(published: str | None) -> str:
    return written_date(published, ENGLISH) if published else ""


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
