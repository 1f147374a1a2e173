"""One question with its answer as markup: the same words and links as the script of the live page makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.written_dates import written_date
from integrations.web.answers.citing import publication_facts, sentence
from integrations.web.answers.positions_view import positions
from integrations.web.answers.words import said, said_of
from integrations.web.markup import Markup, element
from integrations.web.shell import Shell
from integrations.wire import AnswerOut, NoticeOut, SourceOut, SuggestionOut

_LONG_QUESTION = 160
# The kind of a notice → the mark beside it.
_MARKS = {
    "dated": "dated",
    "review_due": "dated",
    "may_change": "dated",
    "as_of": "dated",
    "superseded": "superseded",
    "disagree": "disagree",
    "sources_differ": "disagree",
    "original_language": "language",
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer (None: no longer available). ``number`` counts the page's; ``conversation`` is what
    further questions belong to, ``next`` what could be asked next, ``tools`` what can be done with the answer."""

    number: int
    question: str
    answer: AnswerOut | None
    answer_id: str | None = None
    conversation: str | None = None
    next: Sequence[SuggestionOut] = ()
    remark: Markup | None = None
    tools: Sequence[Markup] = ()


def exchange_view(shell: Shell, exchange: Exchange) -> Markup:
    title_id = f"question-{exchange.number}"
    answer = exchange.answer
    heading = {
        "id": title_id,
        "class": "asked long" if len(exchange.question) > _LONG_QUESTION else "asked",
        "tabindex": "-1",
        "dir": "auto",
        "lang": answer.language if answer else None,
    }
    parts = [element("h2", heading, exchange.question)]
    if exchange.remark is not None:
        parts.append(exchange.remark)
    parts += _answered(shell, exchange, answer) if answer is not None else [_gone(shell)]
    attributes = {
        "id": f"answer-{exchange.answer_id}" if exchange.answer_id else None,
        "class": "exchange",
        "data-answer": exchange.answer_id,
        "aria-labelledby": title_id,
    }
    return element("article", attributes, *parts)


def _gone(shell: Shell) -> Markup:
    words = element("p", {}, said(shell, "outcome.gone"))
    return element("div", {"class": "answer message", "dir": "auto"}, words)


def _answered(shell: Shell, exchange: Exchange, answer: AnswerOut) -> list[Markup]:
    following = [one.question for one in exchange.next]
    about = following or [said(shell, "answer.about", topic=title) for title in answer.nearby]
    after = [
        *positions(shell, answer),
        *_questions(shell, exchange, "choices", answer.choices),
        *_questions(shell, exchange, "nearby", about if answer.nearby else []),
        *_notices(answer),
        *_sources(shell, answer.sources),
        *exchange.tools,
        *_questions(shell, exchange, "next", [] if answer.nearby else following),
        _provenance(shell, answer, exchange.answer_id),
    ]
    return [*_outcome(shell, answer), _text(shell, answer), element("div", {"class": "after"}, *after)]


def _outcome(shell: Shell, answer: AnswerOut) -> list[Markup]:
    """How it ended, and how much it rests on."""
    parts = []
    if answer.outcome != "ANSWERED":
        parts.append(element("span", {"class": "label"}, said(shell, f"outcome.{answer.outcome.lower()}")))
    if answer.sources:
        facts = said_of(shell, "answer.count", len(answer.sources))
        if newest := max((source.published for source in answer.sources if source.published), default=None):
            facts += " · " + said(shell, "answer.newest", date=written_date(newest, shell.language.code))
        parts.append(element("span", {"class": "facts"}, facts))
    return [element("p", {"class": "outcome", "data-outcome": answer.outcome}, *parts)] if parts else []


def _text(shell: Shell, answer: AnswerOut) -> Markup:
    if not answer.sentences:
        written = {"class": "answer message", "dir": "auto", "lang": answer.language}
        return element("div", written, element("p", {"dir": "auto"}, answer.text))
    if answer.provenance.model is None:
        # Quotes from several places do not read as one text, and each is in the language of its document.
        quotes = [part for one in answer.sentences for part in (sentence(shell, one, "auto"), " ")]
        return element("div", {"class": "answer quotes", "dir": "auto", "lang": ""}, *quotes)
    parts = [part for one in answer.sentences for part in (sentence(shell, one, None), " ")]
    return element("div", {"class": "answer", "dir": "auto", "lang": answer.language}, *parts)


def _questions(shell: Shell, exchange: Exchange, name: str, questions: Sequence[str]) -> list[Markup]:
    """Questions to choose from, each a form of its own."""
    if not questions:
        return []
    continued = [hidden("conversation", exchange.conversation)] if exchange.conversation else []
    form = {"method": "post", "action": f"{shell.root}/ask"}
    buttons = [element("button", {"name": "question", "value": asked, "dir": "auto"}, asked) for asked in questions]
    items = [element("li", {}, element("form", form, *continued, button)) for button in buttons]
    # The text of a question back asks it already.
    title = element("h3", {"class": "unseen" if name == "choices" else None}, said(shell, f"answer.{name}"))
    return [element("section", {"class": name}, title, element("ul", {}, *items))]


def hidden(name: str, value: str) -> Markup:
    """A field that goes with a form."""
    return element("input", {"type": "hidden", "name": name, "value": value})


def _notices(answer: AnswerOut) -> list[Markup]:
    # What is near stands there as questions already.
    told = [notice for notice in answer.notices if notice.kind != "nearby" or not answer.nearby]
    return [
        element(
            "p",
            {"class": "notice", "role": "note", "dir": "auto", "lang": answer.language, "data-kind": _mark(notice)},
            notice.text,
        )
        for notice in told
    ]


def _mark(notice: NoticeOut) -> str:
    for beginning in ("model", "partial"):
        if notice.kind.startswith(beginning):
            return beginning
    return _MARKS.get(notice.kind, "info")


def _sources(shell: Shell, sources: Sequence[SourceOut]) -> list[Markup]:
    if not sources:
        return []
    items = [
        element(
            "li",
            {"value": str(source.number)},
            element("bdi", {"class": "title", "lang": ""}, source.title),
            publication_facts(shell, source.publisher, source.published, source.url),
        )
        for source in sources
    ]
    title = element("h3", {}, said(shell, "answer.sources"))
    return [element("section", {}, title, element("ol", {"class": "sources"}, *items))]


def _provenance(shell: Shell, answer: AnswerOut, answer_id: str | None) -> Markup:
    """How it was made, for who wants to know."""
    made = answer.provenance
    prompts = [element("li", {}, f"{name} ", element("code", {}, digest[:12])) for name, digest in made.prompts.items()]
    rows = {
        "written": made.model or said(shell, "how.no_model"),
        "embedder": made.embedder,
        "index": element("code", {}, made.index) if made.index else "",
        "prompts": element("ul", {"class": "plain"}, *prompts) if prompts else "",
        "time": ", ".join(f"{step} {_seconds(took)}" for step, took in made.timings_ms.items()),
        "answer": element("code", {}, answer_id) if answer_id else "",
    }
    pairs = [
        part
        for name, value in rows.items()
        if value
        for part in (element("dt", {}, said(shell, f"how.{name}")), element("dd", {"dir": "auto"}, value))
    ]
    summary = element("summary", {}, said(shell, "how.title"))
    return element("details", {"class": "provenance"}, summary, element("dl", {"class": "pairs"}, *pairs))


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.{2 if milliseconds < 100 else 1}f} s"
