"""Puts what is to be judged to the model: each text once, a few at a time, within a budget of calls, every reply kept
on disk as it comes, so that a run that is broken off goes on where it was."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assistant.chain import Budget, ChatModel
from assistant.errors import ModelError
from assistant.settings import Limits, ModelSettings
from evals.errors import EvalError
from evals.judging.cache import Reply, ReplyCache
from evals.judging.questions import Asked

# A judge says one word, but one that reasons first may be silent for long.
_LIMITS = Limits(first_token_seconds=60, idle_seconds=60, total_seconds=120, calls=2)
_FAILURES_IN_A_ROW = 5


class JudgeUnavailable(EvalError):
    """The judge's endpoint answers nothing. What it said before is kept."""


@dataclass(slots=True)
class Asking:
    """What is left to spend, and what was spent. ``replies`` by key, those from the cache among them (``cached``);
    ``failed`` the keys whose call failed."""

    calls_left: int
    cache: ReplyCache
    calls: int = 0
    tokens: dict[str, int] = field(default_factory=lambda: {"input": 0, "output": 0})
    replies: dict[str, Reply] = field(default_factory=dict)
    cached: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    _failures_in_a_row: int = 0

    async def ask(
        self, wanted: Mapping[str, Asked], settings: ModelSettings, at_once: int, done: Callable[[int, int], None]
    ) -> None:
        """``done`` is told how many of all are settled. Raises JudgeUnavailable after several failures in a row, and
        CacheUnusable."""
        waiting: list[tuple[str, Asked]] = []
        for key, asked in wanted.items():
            kept = self.cache.get(key)
            if kept is None:
                waiting.append((key, asked))
            else:
                self.replies[key] = kept
                self.cached.add(key)
        done(len(self.replies), len(wanted))
        waiting.reverse()
        workers = min(at_once, len(waiting))
        models = await asyncio.to_thread(lambda: [ChatModel(settings, _LIMITS) for _ in range(workers)])
        tasks = [asyncio.create_task(self._work(model, waiting, len(wanted), done)) for model in models]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(
        self, model: ChatModel, waiting: list[tuple[str, Asked]], of: int, done: Callable[[int, int], None]
    ) -> None:
        while waiting and self.calls_left > 0:
            key, asked = waiting.pop()
            await self._ask_one(model, key, asked)
            done(len(self.replies) + len(self.failed), of)

    async def _ask_one(self, model: ChatModel, key: str, asked: Asked) -> None:
        # Set aside before the wait, so that workers side by side never spend more than there is.
        most = min(_LIMITS.calls, self.calls_left)
        self.calls_left -= most
        budget = Budget(most, asyncio.get_running_loop().time() + _LIMITS.total_seconds)
        try:
            text = await model.complete(asked.prompt, budget, **asked.values)
        except ModelError as error:
            self.failed.add(key)
            self._failures_in_a_row += 1
            if self._failures_in_a_row >= _FAILURES_IN_A_ROW:
                raise JudgeUnavailable(
                    f"The judge {model.name} failed {self._failures_in_a_row} times in a row ({error}). Check its "
                    "name, OPENAI_API_KEY and OPENAI_BASE_URL, then judge again: what it said so far is kept."
                ) from error
            return
        finally:
            self.calls += most - budget.calls
            self.calls_left += budget.calls
            for name, count in budget.tokens.items():
                self.tokens[name] = self.tokens.get(name, 0) + count
        self._failures_in_a_row = 0
        self.replies[key] = Reply(key, text, budget.served)
        self.cache.add(self.replies[key])
