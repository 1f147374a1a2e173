"""What the documents hold that is near to a question they do not answer. Pure."""

from collections.abc import Sequence

from assistant import function_words
from assistant.asked_places import places_asked
from knowledge.places import places, with_countries
from knowledge.spelling import folded_words, mentions
from knowledge.types import Retrieved, Source

MOST = 3
_SHORTEST = 4
# Of a passage's best sentence. Questions on something else stay below (.77 to .80 of five), near misses on the library
# do not (.80 and more of 106).
_LEAST_ALIKE = 0.8
# The glossary has a word on everything.
_REFERENCE = "reference"


def nearby(question: str, passages: Sequence[Retrieved], most: int = MOST) -> tuple[str, ...]:
    """The titles of the nearest documents among the passages found that share a place with the question, or a word that
    says what they are about. None, where nothing found is near: the passages are always the nearest there are."""
    asked = with_countries(places_asked(question))
    terms = [
        word
        for word in dict.fromkeys(folded_words(question))
        if len(word) >= _SHORTEST and word not in function_words.ENGLISH and not word.isdecimal() and not places(word)
    ]
    near: dict[str, None] = {}
    for item in passages:
        source = item.source
        is_near = _places_of(source) & asked or (item.why.sentence >= _LEAST_ALIKE and _is_about(source, terms))
        if is_near and not _is_reference(source):
            near[source.title] = None
    return tuple(near)[:most]


def _is_reference(source: Source) -> bool:
    return source.subject is not None and source.subject.theme == _REFERENCE


def _places_of(source: Source) -> frozenset[str]:
    told = frozenset(source.subject.jurisdictions) if source.subject else frozenset[str]()
    return told | with_countries(places(source.title))


def _is_about(source: Source, terms: Sequence[str]) -> bool:
    subject = source.subject
    about = " ".join((source.title, *((subject.topic, *subject.keywords) if subject else ())))
    words = frozenset(folded_words(about))
    return any(mentions(term, words) for term in terms)
