"""Questions that nobody could answer are asked again when the documents have changed, and who asked finds the answer in
their conversation: with the rights they have then, and never more."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from assistant.conversations.store import Conversations
from assistant.conversations.types import Asked, Kept, KeptTurn
from assistant.desk import Desk
from assistant.types import Answer, Conversation, Outcome, Reader
from integrations.accounts.store import Accounts
from integrations.asking.seeing import history
from integrations.operators.watches import Watches

# What an ingest at the terminal adds is noticed after so long; what an operator uploads, at once.
_LOOK_SECONDS = 30.0
_TURNS = 3
_HELPS = (Outcome.ANSWERED, Outcome.PARTIAL)
_log = logging.getLogger("migdesk.watching")


@dataclass(slots=True)
class Watcher:
    """Asks one desk. ``is_public``: whether people who have not signed in may read at all."""

    desk: Desk
    conversations: Conversations
    accounts: Accounts
    watches: Watches
    is_public: bool
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Has it look now, from its own loop."""
        self._woken.set()

    async def run(self) -> None:
        """Looks until it is cancelled."""
        while True:
            self._woken.clear()
            try:
                await self.look()
            except Exception as error:  # what is busy, full or locked now may not be in a moment
                _log.warning("the questions under watch could not be looked through: %s", type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), _LOOK_SECONDS)

    async def look(self) -> int:
        """Asks what has not been asked of the documents as they are now, one after the other; how many are answered.
        While the desk is closed nothing is asked."""
        revision = await asyncio.to_thread(lambda: self.desk.base.catalogue.revision)
        answered = 0
        for answer_id in await asyncio.to_thread(self.watches.due, revision):
            if await asyncio.to_thread(self.accounts.closed) is not None:
                break
            if await asyncio.to_thread(self.watches.claim, answer_id, revision):
                answered += await self._ask(answer_id, revision)
        return answered

    async def _ask(self, answer_id: str, revision: int) -> bool:
        """One whose asking fails stays claimed for some minutes, and is asked again then."""
        before = await asyncio.to_thread(self._before, answer_id)
        if before is None:
            await asyncio.to_thread(self.watches.not_yet, answer_id, revision)
            return False
        kept, audience, said = before
        reader = Reader.of(audience, kept.language)
        try:
            answer = await self.desk.ask(kept.question or "", said, reader, as_of=_day_of(kept.answer))
        except Exception as error:  # its words may hold the question
            _log.warning("a question under watch could not be asked: %s", type(error).__name__)
            return False
        if not helps_more(answer, kept.answer):
            await asyncio.to_thread(self.watches.not_yet, answer_id, revision)
            return False
        asked = Asked(
            thread=kept.thread,
            surface=kept.surface,
            person=kept.person,
            audience=audience,
            language=answer.language,
            question=kept.question or "",
            answer=answer,
        )
        again_id = await asyncio.to_thread(self._keep, answer_id, asked)
        if again_id is None:
            return False
        await asyncio.to_thread(self.watches.answered, answer_id, revision, again_id)
        _log.info("a question under watch is answered: %s", again_id[:8])
        return True

    def _before(self, answer_id: str) -> tuple[Kept, str, Conversation] | None:
        """The question, the audience its asker belongs to now, and what was said before it. None where it has been
        erased, or its asker may ask no more."""
        kept = self.conversations.kept(answer_id)
        audience = audience_now(self.accounts, kept.person, is_public=self.is_public) if kept is not None else None
        if kept is None or kept.question is None or audience is None:
            return None
        turns = self.conversations.turns(kept.person, kept.thread)
        return kept, audience, history(self.desk, _turns_before(turns, answer_id), Reader.of(audience))

    def _keep(self, answer_id: str, asked: Asked) -> str | None:
        """None where its asker has had the question erased meanwhile."""
        kept = self.conversations.kept(answer_id)
        if kept is None or kept.question is None:
            return None
        return self.conversations.keep(asked)


def audience_now(accounts: Accounts, person: str, *, is_public: bool) -> str | None:
    """With whose rights a person of the web may be answered now; None for one who is let in no more."""
    kind, _, identifier = person.partition(":")
    if kind == "visitor":
        return "public" if is_public else None
    closed = {delegation.audience for delegation in accounts.delegations() if delegation.closed_at is not None}
    if kind == "web":
        account = accounts.account(identifier)
        if account is None or account.disabled_at is not None or account.audience in closed:
            return None
        return account.audience
    if kind == "key":
        every = accounts.keys()
        found = next((key for key in every if key.id == identifier), None)
        if found is None or found.revoked_at is not None or found.audience in closed:
            return None
        has_ended = found.expires_at is not None and found.expires_at <= datetime.now(UTC)
        return None if has_ended else found.audience
    return None


def helps_more(answer: Answer, before: Answer | None) -> bool:
    """Whether the answer rests on a document, or a version of one, that the one before did not rest on."""
    return answer.outcome in _HELPS and not _cited(answer) <= (_cited(before) if before is not None else set())


def _cited(answer: Answer) -> set[tuple[str, int]]:
    return {(citation.document_id, citation.version) for one in answer.sentences for citation in one.citations}


def _day_of(answer: Answer | None) -> date | None:
    """The day that the question was about."""
    return date.fromisoformat(answer.as_of) if answer is not None and answer.as_of is not None else None


def _turns_before(turns: list[KeptTurn], answer_id: str) -> list[KeptTurn]:
    place = next((number for number, turn in enumerate(turns) if turn.kept.id == answer_id), 0)
    return turns[max(0, place - _TURNS) : place]


@asynccontextmanager
async def watching(watcher: Watcher) -> AsyncIterator[None]:
    """Looks for as long as the ``with`` lasts."""
    looking = asyncio.create_task(watcher.run())
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.wait([looking])
