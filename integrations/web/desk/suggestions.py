"""What a reader could ask first: questions that documents of the library answer, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from integrations.listed import Listed, to_ask_about
from integrations.web.desk.texts import text

_MOST = 6
_ENOUGH = 4
# Document of the library → the topic under which the question is listed, and the question.
_CHOSEN = (
    ("rgrs-tirana-june-2024", "readmission", "readmission_meeting"),
    ("serbia-single-permit", "labour", "single_permit"),
    ("bangladesh-nepal-reintegration", "return", "returning"),
    ("serbia-reception-system", "asylum", "asylum_centres"),
    ("western-balkans-route-figures", "figures", "crossings"),
    ("eu-readmission-agreements-western-balkans", "readmission", "readmission_eu"),
)


class Dated(Listed, Protocol):
    """A document that the reader may see, such as a Source."""

    @property
    def published(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    question: str
    topic: str | None


def suggestions(library: Sequence[Dated], language: str) -> list[Suggestion]:
    """The questions whose documents are in this library; where those are few, also what the newest others are about."""
    held = {listed.id for listed in library}
    found = [
        Suggestion(text(f"suggestion.{question}", language), text(f"topic.{topic}", language))
        for document, topic, question in _CHOSEN
        if document in held
    ]
    chosen = {document for document, _, _ in _CHOSEN}
    others = sorted(
        (listed for listed in library if listed.id not in chosen),
        key=lambda listed: listed.as_of or listed.published or "",
        reverse=True,
    )
    about = [
        subject.topic for listed in others if (subject := to_ask_about(listed.subject)) is not None and subject.topic
    ]
    wanted = max(0, _ENOUGH - len(found))
    found += [Suggestion(text("answer.about", language, topic=topic), None) for topic in dict.fromkeys(about)][:wanted]
    return found[:_MOST]
