"""One document whole, as a page: what is known of it, its text with the quoted place marked, and its publications."""

from collections.abc import Sequence
from urllib.parse import quote as quoted_path

from fastapi.responses import HTMLResponse

from integrations.web.library.addresses import document_address
from integrations.web.library.document_text import Numbers, text_of, with_numbers
from integrations.web.library.quoted import PLACE, QuotedText
from integrations.web.library.words import Words
from integrations.web.markup import Markup, element, joined
from integrations.web.shell import page
from knowledge.topics import is_review_due
from knowledge.types import Document, Reference, Source, Span

STYLES = ("library.css",)


def document_page(
    words: Words, document: Document, newest: Source | None, quote: Span | None, *, has_original: bool
) -> HTMLResponse:
    """``newest`` is the version in force today, which an older one leads to; ``quote`` the place to mark, inside the
    text; ``has_original`` whether there is a file to download."""
    source = document.source
    numbers = {reference.id: number for number, reference in enumerate(source.references, start=1)}
    text = QuotedText(document.text, quote)
    written = {"class": "document", "lang": source.language, "dir": "auto"}
    content = element("div", written, *text_of(document, text, numbers, words.shell.language.code))
    parts = [
        element("h1", {"dir": "auto", "lang": source.language}, source.title),
        words.facts(source, *_version(words, source, newest)),
        *_publication(words, source, has_original),
        *_remarks(words, source, newest),
        *_way_to_quote(words, document, quote, text),
    ]
    if source.disagreements:
        parts.append(_disagreements(words, source, numbers))
    parts += [content, *_references(words, source.references)]
    back = element("p", {}, element("a", {"href": f"{words.shell.root}/library"}, words("library.back")))
    body = element("div", {"class": "library"}, *parts, back)
    return page(words.shell, title=source.title, body=[body], styles=STYLES)


def missing_page(words: Words) -> HTMLResponse:
    """The same words for what is absent, hidden and withdrawn."""
    back = element("p", {}, element("a", {"href": f"{words.shell.root}/library"}, words("library.back")))
    body = element("div", {"class": "library"}, element("h1", {}, words("document.missing")), back)
    return page(words.shell, title=words("document.missing"), body=[body], styles=STYLES, status=404)


def _version(words: Words, source: Source, newest: Source | None) -> list[Markup]:
    if source.version == 1 and (newest is None or newest.version == 1):
        return []
    return [joined(words("document.version", number=source.version))]


def _publication(words: Words, source: Source, has_original: bool) -> list[Markup]:
    """Who published it, and where the original is."""
    known = [joined(source.publisher)] if source.publisher else []
    if has_original:
        address = f"{words.shell.root}/api/v1/originals/{quoted_path(source.id)}?version={source.version}"
        known.append(element("a", {"href": address}, words("document.download")))
    elif (link := words.shell.original(source.url)) is not None:
        known.append(link)
    parts = [part for one in known for part in (" · ", one)][1:]
    return [element("p", {"class": "facts"}, *parts)] if parts else []


def _remarks(words: Words, source: Source, newest: Source | None) -> list[Markup]:
    remarks = []
    if newest is not None and newest.version > source.version:
        link = element("a", {"href": document_address(words.shell.root, source.id)}, words("document.read_newest"))
        said = words("document.older", number=source.version)
        remarks.append(element("p", {"class": "notice", "data-kind": "superseded"}, said, " ", link))
    if is_review_due(source.review_by, words.today):
        remarks.append(element("p", {"class": "notice", "data-kind": "dated"}, words("document.review_due")))
    return remarks


def _way_to_quote(words: Words, document: Document, quote: Span | None, text: QuotedText) -> list[Markup]:
    """A link to the marked words; the words themselves where they stand in no paragraph that is shown."""
    if quote is None:
        return []
    if text.is_marked:
        link = element("a", {"href": f"#{PLACE}"}, words("document.go_to_quote"))
        return [element("p", {"class": "notice"}, words("document.quote_marked"), " ", link)]
    shown = element("mark", {"id": PLACE}, document.text[quote.start : quote.end])
    quoted = element("blockquote", {"dir": "auto", "lang": document.source.language}, shown)
    return [element("div", {"class": "notice"}, element("p", {}, words("document.quote_apart")), quoted)]


def _disagreements(words: Words, source: Source, numbers: Numbers) -> Markup:
    parts: list[Markup] = [element("h2", {}, words("document.differ"))]
    written = {"dir": "auto", "lang": source.language}
    for disagreement in source.disagreements:
        parts.append(element("p", written, disagreement.about[:1].upper() + disagreement.about[1:] + ":"))
        items = [
            element(
                "li",
                written,
                *with_numbers(QuotedText(said.says, None), Span(0, len(said.says)), said.reference_ids, numbers),
            )
            for said in disagreement.positions
        ]
        parts.append(element("ul", {"class": "statements", "dir": "auto"}, *items))
    return element("section", {"class": "differ"}, *parts)


def _references(words: Words, references: Sequence[Reference]) -> list[Markup]:
    if not references:
        return []
    items = []
    for number, reference in enumerate(references, start=1):
        link = words.shell.original(reference.url)
        publisher = [element("bdi", {}, reference.publisher), " · "] if reference.publisher else []
        facts = [*publisher, words.shell.date(reference.published), *([" · ", link] if link else [])]
        title = element("span", {"dir": "auto"}, reference.title)
        items.append(element("li", {"id": f"source-{number}"}, title, element("p", {"class": "facts"}, *facts)))
    heading = element("h2", {}, words("document.references"))
    return [heading, element("ol", {"class": "references"}, *items)]
