"""What a reader could ask first: questions that documents of the library answer, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

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
# Nobody asks about "terms and abbreviations".
_GLOSSARY = "reference"


class _Topical(Protocol):
    @property
    def topic(self) -> str: ...

    @property
    def theme(self) -> str: ...


class Listed(Protocol):
    """A document that the reader may see, such as a Source."""

    @property
    def id(self) -> str: ...

    @property
    def as_of(self) -> str | None: ...

    @property
    def published(self) -> str | None: ...

    @property
    def subject(self) -> _Topical | None: ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    question: str
    topic: str | None


def suggestions(library: Sequence[Listed], language: str) -> list[Suggestion]:
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
        listed.subject.topic
        for listed in others
        if listed.subject is not None and listed.subject.theme != _GLOSSARY and listed.subject.topic
    ]
    wanted = max(0, _ENOUGH - len(found))
    found += [Suggestion(text("answer.about", language, topic=topic), None) for topic in dict.fromkeys(about)][:wanted]
    return found[:_MOST]
