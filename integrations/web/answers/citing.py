"""How an answer names what it rests on: numbers that lead to the quoted place, publishers, dates, originals."""

from integrations.web.answers.words import said
from integrations.web.library.addresses import place_address
from integrations.web.markup import Markup, element, joined, web_link
from integrations.web.shell import Shell
from integrations.wire import CitationOut, SentenceOut


def sentence(shell: Shell, told: SentenceOut, direction: str | None) -> Markup:
    """A sentence with its numbers, its last word and the first of them on one line."""
    cut = told.text.rfind(" ") + 1
    links = [citation_link(shell, citation) for citation in told.citations]
    tail = element("span", {"class": "tail"}, told.text[cut:], *links[:1])
    return element("span", {"class": "sentence", "dir": direction}, told.text[:cut], tail, *links[1:])


def citation_link(shell: Shell, citation: CitationOut) -> Markup:
    name = said(shell, "answer.source", number=citation.number, title=citation.title, place=citation.place)
    place = (citation.document_id, citation.version, citation.start, citation.end)
    attributes = {
        "class": "citation",
        "href": place_address(shell.root, *place),
        "aria-label": name,
        "title": "\n".join(filter(None, (citation.title, citation.place))),
    }
    return element("a", attributes, str(citation.number))


def publication_facts(shell: Shell, publisher: str | None, published: str | None, url: str | None) -> Markup:
    """Publisher, date, and the way to the original."""
    name = [element("bdi", {}, publisher), " · "] if publisher else []
    known = element("span", {"class": "facts"}, *name, date_of(shell, published))
    link = original_link(shell, url)
    return element("p", {"class": "facts"}, known, *([" · ", link] if link else []))


def date_of(shell: Shell, published: str | None) -> Markup:
    return shell.date(published) if published else joined(said(shell, "answer.undated"))


def original_link(shell: Shell, url: str | None, name: Markup | None = None) -> Markup | None:
    """Under the words that name its host, or under ``name``. In a tab of its own, as from the live page."""
    return web_link(
        url,
        lambda host: name or joined(said(shell, "answer.original", host=host), _new_tab(shell)),
        {"class": "original", "target": "_blank"},
    )


def _new_tab(shell: Shell) -> Markup:
    return element("span", {"class": "unseen"}, " ", said(shell, "answer.new_tab"))
