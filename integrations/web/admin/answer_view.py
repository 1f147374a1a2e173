"""An answer as it was given, for operators: its words with the documents that they rest on. Pure."""

from assistant.conversations.types import Kept
from assistant.types import SourceCard
from integrations.web.admin.overview import OUTCOMES
from integrations.web.admin.parts import facts, folded
from integrations.web.markup import Markup, element


def answer_view(kept: Kept, label: str = "The answer as it was") -> Markup:
    """Folded away."""
    answer = kept.answer
    if answer is None:
        return facts("The answer cannot be read any more.")
    parts: list[str] = [facts(OUTCOMES.get(answer.outcome, str(answer.outcome)))]
    if not answer.sentences:
        parts.append(element("p", {"dir": "auto", "lang": answer.language}, answer.text))
    for sentence in answer.sentences:
        numbers = "".join(f" [{number}]" for number in dict.fromkeys(c.number for c in sentence.citations))
        parts.append(element("p", {"dir": "auto"}, sentence.text, element("span", {"class": "facts"}, numbers)))
    sources = [
        element("li", {"value": str(card.number)}, element("bdi", {}, card.title), facts(_known(card)))
        for card in answer.sources
    ]
    if sources:
        parts.append(element("ol", {"class": "sources"}, *sources))
    notices = [element("li", {"dir": "auto"}, notice.text) for notice in answer.notices]
    if notices:
        parts.append(element("ul", {"class": "facts"}, *notices))
    return folded(label, *parts)


def _known(card: SourceCard) -> str:
    return " · ".join(part for part in (card.publisher, card.published, card.document_id) if part)
