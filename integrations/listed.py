"""A document as the library lists it, for what a surface suggests: no surface that does knows the knowledge base."""

from typing import Protocol, TypeVar

# Nobody asks about "terms and abbreviations".
_GLOSSARY = "reference"


class Topical(Protocol):
    """What a document is about."""

    @property
    def topic(self) -> str: ...

    @property
    def theme(self) -> str: ...


class Listed(Protocol):
    """A document of the library, such as a Source."""

    @property
    def id(self) -> str: ...

    @property
    def as_of(self) -> str | None: ...

    @property
    def subject(self) -> Topical | None: ...


_Subject = TypeVar("_Subject", bound=Topical)


def to_ask_about(subject: _Subject | None) -> _Subject | None:
    """The subject, or None where there is none that somebody would ask about."""
    return subject if subject is not None and subject.theme != _GLOSSARY else None
