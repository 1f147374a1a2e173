"""From what readers thought of answers to drafts of cases: an answer that helped nobody is a question to get right."""

from dataclasses import dataclass

from assistant.conversations.store import Conversations
from assistant.conversations.types import Kept
from assistant.types import Conversation
from evals.errors import InvalidChoice
from evals.questions import PackTurn

_MOST = 200
_TURNS = 6
# As far back as a thread is looked through for the turns before a question.
_FAR_BACK = 400


@dataclass(frozen=True, slots=True)
class Complaint:
    """A question whose answer did not help, with the turns before it. ``reason`` is the reader's choice, if
    they made one."""

    answer_id: str
    question: str
    language: str
    audience: str
    history: tuple[PackTurn, ...]
    reason: str | None


def complaints(conversations: Conversations, answer_id: str | None = None) -> list[Complaint]:
    """The answers that were called unhelpful, newest first; or the one with this id, whatever was thought of it.
    Raises InvalidChoice for an answer that is not held or whose text was erased, and ConversationsError."""
    if answer_id is None:
        found = {kept.id: (kept, said.reason) for kept, said in conversations.feedback(helpful=False, limit=_MOST)}
        return [_complaint(conversations, kept, reason) for kept, reason in found.values() if kept.question]
    held = conversations.kept(answer_id)
    if held is None or held.question is None:
        raise InvalidChoice(f"There is no answer {answer_id}, or its text was erased when its time was up.")
    reasons = [said.reason for kept, said in conversations.feedback(limit=_MOST) if kept.id == answer_id]
    return [_complaint(conversations, held, next(iter(reasons), None))]


def _complaint(conversations: Conversations, kept: Kept, reason: str | None) -> Complaint:
    thread = conversations.history(kept.thread, _FAR_BACK, audiences=frozenset({kept.audience}))
    return Complaint(
        kept.id, kept.question or "", kept.language, kept.audience, _before(thread, kept.question or ""), reason
    )


def _before(thread: Conversation, question: str) -> tuple[PackTurn, ...]:
    """The last turns before the question was asked. It may have been asked twice: what went before the first is all
    that surely did."""
    for place, turn in enumerate(thread):
        if turn.role == "user" and turn.text == question:
            return tuple(PackTurn(role=each.role, text=each.text) for each in thread[max(0, place - _TURNS) : place])
    return ()
