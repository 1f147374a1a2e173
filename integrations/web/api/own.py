"""What the desk keeps of who asks, as they may see it at this moment: the one place from which pages and the API read
it. What is somebody else's, was erased or never was is None in the same way."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request

from assistant.conversations.store import Conversations
from assistant.conversations.types import Escalation, Kept, KeptTurn
from assistant.desk import Desk
from integrations.accounts.store import Accounts
from integrations.asking.seeing import owned_answer, visible
from integrations.operators.watches import Watches
from integrations.web.allowances import Allowances, Spender
from integrations.web.api.shapes import ConversationOut, KeptAnswerOut, TurnOut
from integrations.web.errors import ApiError
from integrations.web.identity import Asker, TheAsker
from integrations.web.limits import spender_of


@dataclass(frozen=True, slots=True)
class Own:
    """Of one asker. All but ``pace`` block; only ``pace`` and ``erase`` change something."""

    asker: Asker
    desk: Desk
    conversations: Conversations
    accounts: Accounts
    watches: Watches
    allowances: Allowances
    spender: Spender

    def pace(self) -> None:
        """Takes one of the questions that the asker has this minute, for what is no question and yet costs the desk
        work or room. Not for several threads. Raises ApiError ``too_fast`` (429)."""
        if wait := self.allowances.take_question(self.spender):
            text = f"That was much in a short time. Please try again in {wait} seconds."
            raise ApiError(429, "too_fast", text, retry=wait)

    def conversation(self, conversation_id: str) -> ConversationOut | None:
        turns = self.conversations.turns(self.asker.person, conversation_id)
        if not turns:
            return None
        again = self.watches.again([turn.kept.id for turn in turns])
        return ConversationOut(id=conversation_id, turns=tuple(self._turn(turn, again) for turn in turns))

    def answer(self, answer_id: str) -> KeptAnswerOut | None:
        """Also one that is no longer available, without what it said."""
        turn = self.conversations.turn(self.asker.person, answer_id)
        if turn is None:
            return None
        told = self._turn(turn, self.watches.again([answer_id]))
        return KeptAnswerOut(**dict(told), conversation=turn.kept.thread)

    def whole(self, answer_id: str) -> Kept | None:
        """With what it says, for whatever exports, translates or shares it; None where it is to be shown no more."""
        return owned_answer(self.desk, self.conversations, answer_id, self.asker.person, self.asker.reader())

    def escalation(self, answer_id: str) -> Escalation | None:
        """How a question stands that the asker handed on, without a reply that was meant for rights they have lost."""
        turn = self.conversations.turn(self.asker.person, answer_id)
        return self._handed_on(turn) if turn is not None else None

    def erase(self) -> int:
        """Everything of the asker's, with the links by which it was shared; how many records that were."""
        self.accounts.unshare_all_of(self.asker.person)
        return self.conversations.forget(self.asker.person, at_once=False)

    def _handed_on(self, turn: KeptTurn) -> Escalation | None:
        if turn.escalation is None or self.asker.reader().has_rights_of(turn.kept.audience):
            return turn.escalation
        return replace(turn.escalation, reply=None)

    def _turn(self, turn: KeptTurn, again: dict[str, str]) -> TurnOut:
        return TurnOut.of(
            replace(turn, escalation=self._handed_on(turn)),
            visible(self.desk, turn.kept, self.asker.reader()),
            shared=self.accounts.is_shared(turn.kept.id),
            answers_again=again.get(turn.kept.id),
        )


def _own(request: Request, asker: TheAsker) -> Own:
    state = request.app.state
    spender = spender_of(request, asker)
    return Own(asker, state.desk, state.conversations, state.accounts, state.watches, state.allowances, spender)


TheOwn = Annotated[Own, Depends(_own)]
