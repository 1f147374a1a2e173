"""The one object through which surfaces remember: questions and answers, feedback, escalations, erasure.

All methods block, so async callers go through ``asyncio.to_thread``; all are safe from several threads and processes.
Every method raises a ``ConversationsError`` (see ``errors``) when the database cannot be used.
"""

import logging
import math
import time
from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine

from assistant.conversations import copying, escalations, feedback, figures, keeping, personal, retention
from assistant.conversations.copying import Copied
from assistant.conversations.database import Database
from assistant.conversations.errors import ConversationsError
from assistant.conversations.migrating import migrate
from assistant.conversations.opening import open_database
from assistant.conversations.types import (
    Asked,
    Escalation,
    EscalationState,
    Feedback,
    Holdings,
    Kept,
    KeptConversation,
    KeptTurn,
    Usage,
)
from assistant.types import Conversation

_log = logging.getLogger(__name__)
# Anybody may ask to be forgotten, as often as they like; an answer takes no longer than that many of them.
_MOST_FORGOTTEN = 10_000


def open_conversations(
    data: Path, database_url: str | None = None, keep_days: int = 30, *, create: bool = True
) -> "Conversations":
    """Opens, and where needed creates or migrates, the database: ``conversations.sqlite3`` in the data directory, or
    the one that ``database_url`` names (``postgresql+psycopg://…``, ``postgresql://…`` or ``sqlite:///…``). What is
    older than ``keep_days`` is erased on the way. ``create=False`` raises NothingKept where the data directory has no
    file yet."""
    database = open_database(data, database_url, create=create)
    try:
        migrate(database)
    except BaseException:
        database.engine.dispose()
        raise
    erased = 0
    try:
        erased = retention.purge(database, datetime.now(UTC), keep_days, always_rewrite=False)
    except ConversationsError as error:
        # A full disk or a long reader is no reason not to answer questions; the surfaces try again daily.
        _log.warning("what is too old could not be erased yet: %s", error)
    return Conversations(database, keep_days, erased)


class Conversations:
    """What the desk remembers. Made by ``open_conversations``."""

    def __init__(self, database: Database, keep_days: int, erased_at_opening: int = 0) -> None:
        self.erased_at_opening = erased_at_opening
        self._database = database
        self._keep_days = keep_days
        self._forgotten: dict[str, float] = {}

    @property
    def engine(self) -> Engine:
        """For tables of other packages of ours in the same database. A transaction on it may write; one that only
        reads does not wait for writers on ``engine.execution_options(reading=True)``."""
        return self._database.engine

    @property
    def keep_days(self) -> int:
        """For how many days texts are kept."""
        return self._keep_days

    def close(self) -> None:
        """Gives the connections back. The object is of no use afterwards."""
        self._database.engine.dispose()

    # ---- questions and answers ------------------------------------------------------------------------------------

    def keep(self, asked: Asked) -> str:
        """Keeps a question with its answer and returns the answer's id: 128 random bits, safe in an address."""
        return keeping.keep(self._database, asked)

    def kept(self, answer_id: str) -> Kept | None:
        """What is held under the id. Whose it is and who may see it is for the caller to check."""
        return keeping.kept(self._database, answer_id)

    def history(self, thread: str, turns: int = 6, *, audiences: frozenset[str] | None = None) -> Conversation:
        """The last ``turns`` messages of a thread, oldest first, beginning with a question, question and answer
        alternating. With ``audiences``, only what was answered with one of these labels: a reader with fewer rights
        gets nothing of what the others in the thread were told."""
        return keeping.history(self._database, thread, turns, audiences)

    def recent(self, person: str, limit: int = 5) -> list[Kept]:
        """What a person asked last, newest first, without what has been erased."""
        return keeping.recent(self._database, person, limit)

    def unanswered(self, since: datetime, limit: int = 200) -> list[Kept]:
        """Questions that ended without a written answer (NOT_COVERED, NEEDS_CLARIFICATION, FAILED, EVIDENCE_ONLY),
        newest first, without what has been erased."""
        return keeping.unanswered(self._database, since, limit)

    def usage(self, since: date) -> list[Usage]:
        """How often the desk was asked, by day, surface, audience, language and outcome, oldest day first."""
        return figures.usage(self._database, since)

    def holdings(self) -> Holdings:
        """What the database holds, in numbers."""
        return figures.holdings(self._database)

    # ---- what is one's own ----------------------------------------------------------------------------------------

    def kept_of(self, person: str, answer_id: str) -> Kept | None:
        """An answer to this person. None where it is somebody else's, was erased or never was."""
        return personal.kept_of(self._database, person, answer_id)

    def turn(self, person: str, answer_id: str) -> KeptTurn | None:
        """The same, with what the person said of it."""
        return personal.turn(self._database, person, answer_id)

    def turns(self, person: str, thread: str, limit: int = 200) -> list[KeptTurn]:
        """The last ``limit`` questions of this person in a conversation, oldest first. Empty where it is somebody
        else's, was erased or never was."""
        return personal.turns(self._database, person, thread, limit)

    def conversations(self, person: str, search: str = "", limit: int = 50) -> list[KeptConversation]:
        """Those of a person, the one they asked in last first. With ``search``, those in which one question holds every
        word of it, whatever the script and accents; answers are not searched: they may show what the person can see no
        more."""
        return personal.conversations(self._database, person, search, limit)

    def opinion(self, person: str, answer_id: str) -> Feedback | None:
        """What a person thinks of an answer."""
        return personal.opinion(self._database, person, answer_id)

    def escalation_of(self, person: str, answer_id: str) -> Escalation | None:
        """The escalation by which a person handed an answer on."""
        return personal.escalation_of(self._database, person, answer_id)

    # ---- feedback -------------------------------------------------------------------------------------------------

    def rate(
        self, answer_id: str, person: str, helpful: bool, reason: str | None = None, comment: str | None = None
    ) -> None:
        """Keeps what a person thinks of an answer, in place of what they thought before. Raises UnknownAnswer."""
        feedback.rate(self._database, answer_id, person, helpful, reason, comment)

    def feedback(self, helpful: bool | None = None, limit: int = 100) -> list[tuple[Kept, Feedback]]:
        """Feedback with what it is about, newest first, without what has been erased."""
        return feedback.feedback(self._database, helpful, limit)

    # ---- escalations ----------------------------------------------------------------------------------------------

    def escalate(self, answer_id: str, person: str, note: str) -> Escalation:
        """Hands an answer on to the experts. A second call of the same person returns the first escalation, whatever
        its note. Raises UnknownAnswer."""
        return escalations.escalate(self._database, answer_id, person, note)

    def escalation(self, escalation_id: str) -> Escalation | None:
        """None where it is not there, or was erased."""
        return escalations.escalation(self._database, escalation_id)

    def placed(self, escalation_id: str, place: str) -> None:
        """Remembers where the experts' card is. Raises UnknownEscalation."""
        escalations.placed(self._database, escalation_id, place)

    def claim(self, escalation_id: str, expert: str) -> Escalation | None:
        """Makes it the expert's, for one of however many try at once; again for the same expert changes nothing. None
        where somebody else has it, or it is not there."""
        return escalations.claim(self._database, escalation_id, expert)

    def reply(self, escalation_id: str, expert: str, text: str) -> Escalation | None:
        """Keeps the expert's reply (which also claims what nobody has), in place of an earlier one that was not
        relayed yet. None where somebody else has it, it was relayed already, or it is not there."""
        return escalations.reply(self._database, escalation_id, expert, text)

    def relayed(self, escalation_id: str) -> bool:
        """Marks the reply as told to who asked. True for the one call that did so: whoever gets it may tell."""
        return escalations.relayed(self._database, escalation_id)

    def escalations(self, state: EscalationState | None = None) -> list[Escalation]:
        """Oldest first, without what has been erased."""
        return escalations.escalations(self._database, state)

    # ---- erasure --------------------------------------------------------------------------------------------------

    def forget(self, person: str, *, at_once: bool = True) -> int:
        """Erases everything of a person: questions, answers, feedback, escalations; as an expert, their name (the
        reply belongs to who asked, and stays as long as everything else). Returns how many records that were.
        ``at_once``: raises DatabaseBusy where their last traces in a SQLite file cannot be cleaned up now; otherwise
        the daily purge does that."""
        # Before the rest, which takes its time: what is kept meanwhile would stay. The last one put is the newest.
        self._forgotten.pop(person, None)
        self._forgotten[person] = time.monotonic()
        if len(self._forgotten) > _MOST_FORGOTTEN:
            del self._forgotten[next(iter(self._forgotten))]
        return retention.forget(self._database, person, at_once=at_once)

    def was_forgotten(self, person: str, since: float) -> bool:
        """Whether this process has erased them after that moment of ``time.monotonic``: what they were still waiting
        for then is not to be kept."""
        return self._forgotten.get(person, -math.inf) >= since

    def forget_thread(self, person: str, thread: str) -> list[str]:
        """Erases what a person asked in one conversation, with what was said of it; returns the ids of the answers.
        Empty where it is somebody else's, was erased or never was."""
        return retention.forget_thread(self._database, person, thread)

    def purge(self, now: datetime) -> int:
        """Erases what is older than the days to keep: texts, persons, threads, and the time of day. Outcome, language,
        surface, audience and day remain for usage figures. Returns how many questions were erased."""
        return retention.purge(self._database, now, self._keep_days, always_rewrite=True)

    # ---- copies ---------------------------------------------------------------------------------------------------

    def back_up(self, file: Path, *, texts: bool = True, transient: Collection[str] = ()) -> Copied:
        """Makes a copy of the whole database, other packages' tables with it; see ``copying``, which also brings it
        back. Raises OnServer for a database on a server, UnusableCopy and DatabaseUnusable."""
        return copying.back_up(self._database, file, texts=texts, transient=transient)
