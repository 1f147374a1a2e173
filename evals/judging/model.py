"""The judge's model: a chat model that also tells under which name the endpoint answered."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from assistant.chain import Budget, ChatModel
from assistant.settings import Limits, ModelSettings
from prompts.prompt import Prompt

# A judge says one word, but one that reasons first may be silent for long.
LIMITS = Limits(first_token_seconds=60, idle_seconds=60, total_seconds=120, calls=2)


class JudgeModel(ChatModel):
    """Asked one thing at a time. ``served`` is the name that the endpoint gave with its last reply, "" where it gave
    none: an alias may stand for another model tomorrow."""

    def __init__(self, settings: ModelSettings) -> None:
        super().__init__(settings, LIMITS)
        self.served = ""

    async def reply(self, prompt: Prompt, values: Mapping[str, str], budget: Budget) -> str:
        """Raises ModelError."""
        self.served = ""
        return await self.complete(prompt, budget, **values)

    def _chat(self, client: Any) -> Any:
        return _Noting(super()._chat(client), self)


class _Noting:
    """A chat client whose chunks pass through; their model name stays."""

    def __init__(self, chat: Any, model: JudgeModel) -> None:
        self._inner = chat
        self._model = model

    async def astream(self, messages: list[tuple[str, str]]) -> AsyncGenerator[Any]:
        async with aclosing(self._inner.astream(messages)) as chunks:
            async for chunk in chunks:
                name = chunk.response_metadata.get("model_name")
                if isinstance(name, str):
                    self._model.served = name or self._model.served
                yield chunk
