"""What a page plainly says of itself in its head: who published it, and when."""

import datetime
import json
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from knowledge.normalisation import title_of

_PUBLISHED = (
    "article:published_time",
    "citation_publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "datepublished",
    "publication_date",
)
_PUBLISHER = ("og:site_name", "citation_publisher", "dc.publisher", "dcterms.publisher", "publisher")
_DATE = re.compile(r"(\d{4})(?:[-/](\d{2})(?:[-/](\d{2}))?)?(?:[T ].*)?")
_LONGEST_PUBLISHER = 120
_MOST_LINKED_DATA = 200_000


def published_and_publisher(tree: LexborHTMLParser) -> tuple[str | None, str | None]:
    """The date as YYYY, YYYY-MM or YYYY-MM-DD and the publisher's name; None where it is not given or not well
    formed."""
    given: dict[str, str] = {}
    for meta in tree.css("meta[content]"):
        name = meta.attributes.get("property") or meta.attributes.get("name") or meta.attributes.get("itemprop") or ""
        given.setdefault(name.lower(), meta.attributes.get("content") or "")
    dates = [*(given.get(name, "") for name in _PUBLISHED), *_linked_dates(tree)]
    date = next((date for date in map(_well_formed, dates) if date), None)
    publisher = next((title_of(given[name]) for name in _PUBLISHER if given.get(name, "").strip()), None)
    return date, publisher if publisher and len(publisher) <= _LONGEST_PUBLISHER else None


def _linked_dates(tree: LexborHTMLParser) -> Iterator[str]:
    for script in tree.css('script[type="application/ld+json"]'):
        text = script.text()
        if len(text) > _MOST_LINKED_DATA:
            continue
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue
        entries = data if isinstance(data, list) else [data]
        for entry in entries:
            graph = entry.get("@graph") if isinstance(entry, dict) else None
            for item in (entry, *(graph if isinstance(graph, list) else ())):
                date = item.get("datePublished") if isinstance(item, dict) else None
                if isinstance(date, str):
                    yield date


def _well_formed(written: str) -> str | None:
    match = _DATE.fullmatch(written.strip())
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)
