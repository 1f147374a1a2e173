"""What a reader may be shown of an answer that was kept. Asked each time: what a document may be seen by, and what a
person may see, changes between the day of the answer and today. All blocking."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.conversations.store import Conversations
from assistant.conversations.types import Kept, KeptTurn
from assistant.desk import Desk
from assistant.types import Answer, Conversation, Reader, Turn


def visible(desk: Desk, kept: Kept, reader: Reader) -> Answer | None:
    """The answer, where the reader has every right it was made with, and every quote in it can still be read in its
    document, in the version that was cited. Titles that it names as near and that are to be seen no more are left
    out."""
    if kept.answer is None or not reader.has_rights_of(kept.audience):
        return None
    return shown(desk, kept.answer, reader)


def shown(desk: Desk, answer: Answer, reader: Reader) -> Answer | None:
    """The same of an answer that was made with rights the reader has."""
    places = {
        (citation.document_id, citation.start, citation.end, citation.version): citation.quote
        for sentence in answer.sentences
        for citation in sentence.citations
    }
    for (document_id, start, end, version), quote in places.items():
        if desk.base.catalogue.excerpt(document_id, start, end, reader.audiences, version) != quote:
            return None
    stated = {(position.document_id, position.version) for position in answer.positions}
    cited = {(document_id, version) for document_id, _, _, version in places}
    for document_id, version in stated - cited:
        if desk.base.catalogue.excerpt(document_id, 0, 0, reader.audiences, version) is None:
            return None
    return _without_hidden_titles(desk, answer, reader) if answer.nearby else answer


def owned_answer(desk: Desk, conversations: Conversations, answer_id: str, person: str, reader: Reader) -> Kept | None:
    """The person's own answer with what it says, for whatever shows, exports or translates it. None where it is
    somebody else's, was erased, never was, or is to be shown no more."""
    kept = conversations.kept_of(person, answer_id)
    return seen(desk, kept, reader) if kept is not None else None


def shared_answer(desk: Desk, conversations: Conversations, answer_id: str, reader: Reader) -> Kept | None:
    """Somebody's answer, for a reader who came by a link to it. Who asked, where and when is left out."""
    kept = conversations.kept(answer_id)
    if kept is None or kept.question is None:
        return None
    found = seen(desk, kept, reader)
    return replace(found, person="", thread="", surface="") if found is not None else None


def seen(desk: Desk, kept: Kept, reader: Reader) -> Kept | None:
    """What is kept, with the answer as the reader may see it."""
    answer = visible(desk, kept, reader)
    return replace(kept, answer=answer) if answer is not None else None


def history(desk: Desk, turns: Sequence[KeptTurn], reader: Reader) -> Conversation:
    """What a follow-up may build on, of a person's own conversation: what they could still be shown."""
    found: list[Turn] = []
    for turn in turns:
        answer = visible(desk, turn.kept, reader)
        if turn.kept.question is not None and answer is not None:
            found += [Turn("user", turn.kept.question), Turn("assistant", answer.text)]
    return tuple(found)


def _without_hidden_titles(desk: Desk, answer: Answer, reader: Reader) -> Answer:
    titles = {source.title for source in desk.base.catalogue.sources(reader.audiences)}
    near = tuple(title for title in answer.nearby if title in titles)
    if near == answer.nearby:
        return answer
    notices = tuple(notice for notice in answer.notices if notice.kind != "nearby")
    return replace(answer, nearby=near, notices=notices)
