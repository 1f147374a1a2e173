"""The page with which a conversation begins: what can be asked here, and the box to ask it."""

from collections.abc import Sequence

from assistant.written_dates import written_date
from integrations.web.desk import live
from integrations.web.desk.suggestions import Dated, Suggestion, suggestions
from integrations.web.desk.texts import counted, text
from integrations.web.markup import Markup, element, joined
from integrations.web.shell import Shell


def start_page(shell: Shell, library: Sequence[Dated]) -> list[Markup]:
    """The body, for a reader who may see these documents."""
    language = shell.language.code
    return [
        element(
            "div",
            {"id": "start", "class": "start"},
            element("h1", {}, text("start.title", language)),
            element("p", {"class": "lead"}, text("start.lead", language)),
        ),
        element("div", {"id": "conversation"}),
        live.composer(shell),
        element("div", {"id": "examples"}, *_examples(shell, suggestions(library, language)), _held(shell, library)),
        live.panel(shell),
    ]


def _examples(shell: Shell, suggested: Sequence[Suggestion]) -> list[Markup]:
    if not suggested:
        return []
    title = element("h2", {"id": "examples-title"}, text("start.examples", shell.language.code))
    items = [element("li", {}, _example(shell, suggestion)) for suggestion in suggested]
    return [
        element("section", {"class": "examples", "aria-labelledby": "examples-title"}, title, element("ul", {}, *items))
    ]


def _example(shell: Shell, suggestion: Suggestion) -> Markup:
    """A form of its own, so that the question never stands in an address."""
    topic = [element("span", {"class": "topic"}, suggestion.topic)] if suggestion.topic else []
    return element(
        "form",
        {"method": "post", "action": f"{shell.root}/ask"},
        element(
            "button",
            {"name": "question", "value": suggestion.question},
            *topic,
            element("span", {"class": "asks", "dir": "auto"}, suggestion.question),
        ),
    )


def _held(shell: Shell, library: Sequence[Dated]) -> Markup:
    """How much there is to ask about, and how new it is."""
    language = shell.language.code
    newest = max((date for listed in library if (date := listed.published or listed.as_of)), default=None)
    said = [counted("start.holds", language, len(library))]
    if newest is not None:
        said.append(text("answer.newest", language, date=written_date(newest, language)))
    link = element("a", {"href": f"{shell.root}/library"}, text("start.library", language))
    return element("p", {"class": "holds"}, joined(" · ".join(said), " · ", link))
