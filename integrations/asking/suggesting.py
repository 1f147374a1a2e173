"""What to ask next: topics that the library holds near to what an answer cites. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.message_files import MessageFiles
from assistant.types import Answer, Outcome
from integrations.listed import Listed, Topical, to_ask_about

# More than are shown: not each of them may turn out to be answered.
MOST = 8
_FILES = MessageFiles("integrations.asking")
_LONGEST_TOPIC = 120
_LEAST_NEAR = 0.5


class Placed(Topical, Protocol):
    """A subject with what its nearness to another is told by."""

    @property
    def jurisdictions(self) -> tuple[str, ...]: ...

    @property
    def keywords(self) -> tuple[str, ...]: ...


class Titled(Listed, Protocol):
    """A document of the library, with its title."""

    @property
    def title(self) -> str: ...

    @property
    def subject(self) -> Placed | None: ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``title`` is for a button, ``question`` is what it asks."""

    title: str
    question: str


def suggestions(answer: Answer, library: Sequence[Titled]) -> tuple[Suggestion, ...]:
    """Questions that may come next, on topics of documents in ``library`` (what the reader may see) that the answer
    does not rest on: nearest first by theme, places and keywords, the newer of two that are as near. Where nothing is
    cited, on the documents that the answer itself names as near."""
    if answer.outcome in (Outcome.DECLINED, Outcome.NEEDS_CLARIFICATION, Outcome.FAILED):
        return ()
    topics = {one.id: subject for one in library if (subject := to_ask_about(one.subject)) is not None}
    cited = {citation.document_id for sentence in answer.sentences for citation in sentence.citations}
    about = [topics[identifier] for identifier in sorted(cited) if identifier in topics]
    if cited:
        ranked = sorted(
            ((_nearness(topics[one.id], about), one) for one in library if one.id in topics and one.id not in cited),
            key=lambda pair: (pair[0], pair[1].as_of or "", pair[1].id),
            reverse=True,
        )
        chosen = [one for near, one in ranked if near >= _LEAST_NEAR]
    else:
        chosen = sorted(
            (one for one in library if one.title in answer.nearby), key=lambda o: answer.nearby.index(o.title)
        )
    known = {subject.topic for subject in about}
    named = dict.fromkeys(topics[one.id].topic for one in chosen if one.id in topics)
    asking = _FILES.template("suggestion.about", answer.language)  # without isolates: what is asked is searched for
    return tuple(
        Suggestion(topic[:1].upper() + topic[1:], asking.format(topic=topic))
        for topic in [one for one in named if one not in known and 0 < len(one) <= _LONGEST_TOPIC][:MOST]
    )


def _nearness(topic: Placed, about: Sequence[Placed]) -> float:
    """Up to 3: one for the theme, and the shares of places and keywords in common."""
    return max(
        (
            (topic.theme == other.theme)
            + _share(topic.jurisdictions, other.jurisdictions)
            + _share(topic.keywords, other.keywords)
            for other in about
        ),
        default=0.0,
    )


def _share(first: Sequence[str], second: Sequence[str]) -> float:
    ours, theirs = {one.casefold() for one in first}, {one.casefold() for one in second}
    return len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0
