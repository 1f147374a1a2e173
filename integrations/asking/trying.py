"""Which of the questions that may be suggested the desk really answers: each is tried, once for as long as the
documents stay as they are."""

import asyncio
import logging
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from weakref import WeakKeyDictionary, ref

from assistant.desk import Desk
from assistant.types import Reader
from integrations.asking.suggesting import Suggestion

MOST = 3
# An answer is complete without them: what is not known by then is known for the next.
PATIENCE_SECONDS = 0.5
_MOST_WAITING = 30
_Key = tuple[frozenset[str], str]
_log = logging.getLogger("migdesk.asking")


class Trying:
    """Tries questions one after the other in a thread of its own, by what is found for them and without a model."""

    def __init__(self, desk: Desk) -> None:
        self._desk = ref(desk)  # or no desk that was asked once would ever be let go: see the end of this file
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="suggesting")
        self._known: dict[_Key, Future[bool]] = {}
        self._revision = -1

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)

    def forget_before(self, revision: int) -> None:
        """What was found out of an earlier revision of the documents holds no more."""
        if revision != self._revision:
            self._revision, self._known = revision, {}

    async def answerable(self, candidates: Sequence[Suggestion], reader: Reader) -> tuple[Suggestion, ...]:
        """The first three that are answered from what the reader may see; fewer where that is not known in time."""
        found: list[Suggestion] = []
        deadline = time.monotonic() + PATIENCE_SECONDS
        for candidate in candidates:
            trial = self._trial(candidate, reader)
            if trial is None or len(found) == MOST:
                break
            try:
                left = max(0.0, deadline - time.monotonic())
                if await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(trial)), left):
                    found.append(candidate)
            except TimeoutError:
                break
        return tuple(found)

    def _trial(self, candidate: Suggestion, reader: Reader) -> Future[bool] | None:
        """None where too many are waiting to be tried."""
        key, known = (reader.audiences, candidate.question), self._known
        if key not in known:
            if sum(not trial.done() for trial in known.values()) >= _MOST_WAITING:
                return None
            known[key] = self._thread.submit(self._is_answered, candidate.question, reader)
        return known[key]

    def _is_answered(self, question: str, reader: Reader) -> bool:
        if (desk := self._desk()) is None:
            return False
        try:
            answer = asyncio.run(desk.ask(question, (), reader, use_model=False))
        except Exception as error:  # an extra, for which nobody is to lose an answer
            _log.warning("a question could not be tried: %s", type(error).__name__)
            return False
        return bool(answer.sentences)


_of_desks: WeakKeyDictionary[Desk, Trying] = WeakKeyDictionary()


def trying_with(desk: Desk) -> Trying:
    """One for a desk: what one request has found out need not be tried by the next."""
    found = _of_desks.get(desk)
    return found if found is not None else _of_desks.setdefault(desk, Trying(desk))
