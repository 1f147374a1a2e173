"""What has to hold before a question is answered: the desk is open, the asker has not had too much, there is room."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import Depends, Request

from assistant.desk import checked_question
from assistant.events import Event, Finished
from integrations.web import allowances
from integrations.web.allowances import Allowances, Spender
from integrations.web.errors import ApiError
from integrations.web.gate import Gate, Place, through
from integrations.web.identity import Asker, TheAsker, looked_up
from integrations.web.state import TheAccounts, TheSettings

# What the model is taken to have counted where an answer was broken off before it could say.
_UNTOLD_TOKENS = 5000


@dataclass(slots=True)
class Admission:
    """Leave to ask one question. ``use_model`` is False where the asker's tokens of today are used up."""

    gate: Gate
    place: Place
    allowances: Allowances
    spender: Spender
    use_model: bool
    has_model: bool
    is_told: bool = field(default=False, init=False)

    async def answering(self, question: str, stream: AsyncGenerator[Event]) -> AsyncGenerator[Event]:
        """The events of the stream, when its turn has come (see ``gate.through``), and its tokens counted. Raises what
        the stream raises, and InvalidQuestion at once."""
        self.is_told = not (self.use_model and self.has_model)
        try:
            async with aclosing(through(self.gate, self.place, checked_question(question), stream)) as events:
                async for event in events:
                    if isinstance(event, Finished) and not self.is_told:
                        self.is_told = True
                        self.spend(sum(event.answer.provenance.tokens.values()))
                    yield event
        finally:
            if not self.is_told:
                self.spend(_UNTOLD_TOKENS)

    def spend(self, tokens: int) -> None:
        """Counts what a call of the model outside an answer took."""
        self.allowances.spend(self.spender, tokens)


async def admitted(
    request: Request, asker: TheAsker, accounts: TheAccounts, settings: TheSettings
) -> AsyncGenerator[Admission]:
    """For the time of one response. Raises ApiError: ``closed`` and ``busy`` (503), ``too_many_questions`` and
    ``too_many_streams`` (429)."""
    state = request.app.state
    gate: Gate = state.gate
    known: Allowances = state.allowances
    if (closed := await looked_up(accounts.closed)) is not None:
        raise ApiError(503, "closed", closed.reason)
    spender = spender_of(request, asker)
    if wait := known.take_question(spender):
        text = f"You have asked many questions in a short time. Please try again in {wait} seconds."
        raise ApiError(429, "too_many_questions", text, retry=wait)
    with known.stream(spender) as may:
        if not may:
            text = "Several of your questions are being answered already. Please wait for one of them to end."
            raise ApiError(429, "too_many_streams", text, retry=5)
        if (place := gate.place()) is None:
            text = "Too many questions are waiting for an answer. Please try again in a moment."
            raise ApiError(503, "busy", text, retry=10)
        try:
            has_model = state.desk.model_name is not None
            yield Admission(gate, place, known, spender, known.has_tokens(spender), has_model)
        finally:
            place.give_back()


Admitted = Annotated[Admission, Depends(admitted)]


async def knocked(request: Request) -> None:
    """Before anybody is let in. No secret can be guessed, but looking for one and beginning to sign in cost something.
    Raises ApiError ``too_many_questions`` (429)."""
    known: Allowances = request.app.state.allowances
    at_the_door = allowances.visitor(request.client.host if request.client else None)
    if wait := known.take_question(replace(at_the_door, name=f"sign-in {at_the_door.name}")):
        text = f"There were many tries to sign in from here. Please try again in {wait} seconds."
        raise ApiError(429, "too_many_questions", text, retry=wait)


def spender_of(request: Request, asker: Asker) -> Spender:
    if asker.account_id is not None:
        return allowances.person(asker.account_id)
    if asker.key_id is not None:
        return allowances.program(asker.key_id)
    return allowances.visitor(request.client.host if request.client else None)
