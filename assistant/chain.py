"""The language model through LangChain: any OpenAI-compatible endpoint, streamed as text. The only home of chat models.

LangChain owns a model call (messages, client, streaming); plain Python owns the flow. Its own retries are off: a
request has a budget of calls and a deadline, and both are kept here.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import ModelError, ModelStopped, ModelUnavailable
from assistant.settings import Limits, ModelSettings
from prompts.prompt import Prompt


@dataclass(slots=True)
class Budget:
    """What one request may still spend on the model, the tokens that the model counted so far, and ``served``, the
    name that the endpoint gave with its last reply ("" where it gave none: an alias may stand for another model
    tomorrow)."""

    calls: int
    deadline: float
    tokens: dict[str, int] = field(default_factory=dict)
    served: str = ""

    @classmethod
    def of(cls, limits: Limits) -> "Budget":
        return cls(limits.calls, asyncio.get_running_loop().time() + limits.total_seconds)

    def take_call(self) -> None:
        if self.calls <= 0:
            raise ModelUnavailable("the request has used up its calls")
        self.calls -= 1

    def count(self, usage: Mapping[str, Any]) -> None:
        for kind in ("input", "output"):
            self.tokens[kind] = self.tokens.get(kind, 0) + int(usage.get(f"{kind}_tokens", 0))

    def left(self) -> float:
        return self.deadline - asyncio.get_running_loop().time()


class ChatModel:
    """A configured model. Both methods raise ModelUnavailable before the first token, ModelStopped after it."""

    def __init__(self, settings: ModelSettings, limits: Limits) -> None:
        # Imported here and not at the first question, where it would hold up every other reader for seconds.
        import langchain_openai  # noqa: F401

        self.name = settings.model
        self._settings = settings
        self._limits = limits
        self._tls = ssl.create_default_context()

    async def stream(self, prompt: Prompt, budget: Budget, **values: str) -> AsyncGenerator[str]:
        """The answer's text in pieces as they come. A refusal for load (429, 5xx) before the first token is tried once
        more within the budget."""
        system, user = prompt.render(**values)
        messages = [("system", system), ("user", user)]
        for attempt in (1, 2):
            budget.take_call()
            started = False
            try:
                async with aclosing(self._pieces(messages, budget)) as pieces:
                    async for piece in pieces:
                        started = started or bool(piece)
                        yield piece
                return
            except _TryAgain as error:
                if started or attempt == 2 or budget.calls <= 0 or budget.left() <= error.wait:
                    raise ModelUnavailable(str(error)) from error
                await asyncio.sleep(error.wait)

    async def complete(self, prompt: Prompt, budget: Budget, **values: str) -> str:
        """The whole answer."""
        parts = []
        async with aclosing(self.stream(prompt, budget, **values)) as pieces:
            async for piece in pieces:
                parts.append(piece)
        return "".join(parts)

    def _client(self) -> Any:
        """A connection of this call's own: a shared one belongs to the event loop it was opened in. It follows no
        redirect, so that question and passages go to the endpoint that was set and to no other."""
        from openai import DefaultAsyncHttpxClient

        return DefaultAsyncHttpxClient(timeout=self._limits.total_seconds, follow_redirects=False, verify=self._tls)

    def _chat(self, client: Any) -> Any:
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        return ChatOpenAI(
            model=self._settings.model,
            # An endpoint of one's own needs no key; the client insists on a value.
            api_key=SecretStr(self._settings.api_key or "none"),
            base_url=self._settings.base_url,
            temperature=0,
            max_retries=0,
            timeout=self._limits.total_seconds,
            use_responses_api=False,
            stream_chunk_timeout=None,  # built on ``wait_for`` too; the limits below are ours
            stream_usage=True,
            http_async_client=client,
        )

    async def ping(self) -> None:
        """One short call, to see whether the model answers at all. Raises ModelError."""
        budget = Budget(1, asyncio.get_running_loop().time() + self._limits.first_token_seconds)
        async with aclosing(self._pieces([("user", "Answer with the word: ready")], budget)) as pieces:
            async for _ in pieces:
                return

    async def _pieces(self, messages: list[tuple[str, str]], budget: Budget) -> AsyncGenerator[str]:
        finished = False
        started = False
        # Empty pieces (a model that reasons first sends many) do not start the wait anew.
        first = asyncio.get_running_loop().time() + self._limits.first_token_seconds
        client = self._client()
        chunks: Any = self._chat(client).astream(messages)
        try:
            while True:
                limit = self._limits.idle_seconds if started else first - asyncio.get_running_loop().time()
                wait = min(limit, budget.left())
                try:
                    # Not ``wait_for``: in Python 3.11 it loses a cancellation that comes together with a chunk, and the
                    # model would go on writing for a reader who has left.
                    async with asyncio.timeout(max(wait, 0)):
                        chunk = await anext(chunks)
                except StopAsyncIteration:
                    break
                except TimeoutError as error:
                    raise _stopped(started, f"no word within {max(wait, 0):.0f} s") from error
                except Exception as error:  # openai, httpx, json and pydantic errors all mean one thing here: no answer
                    raise _translated(error, started) from error
                budget.served = chunk.response_metadata.get("model_name") or budget.served
                if chunk.usage_metadata:
                    budget.count(chunk.usage_metadata)
                reason = chunk.response_metadata.get("finish_reason")
                finished = finished or bool(reason)
                if reason == "length":
                    raise ModelStopped("the answer was cut off at the model's length limit")
                if isinstance(chunk.content, str) and chunk.content:
                    started = True
                    yield chunk.content
        finally:
            await chunks.aclose()
            await client.aclose()
        if not finished:
            raise _stopped(started, "the stream ended without an end mark")


class _TryAgain(ModelError):
    def __init__(self, message: str, wait: float) -> None:
        super().__init__(message)
        self.wait = wait


def _stopped(started: bool, why: str) -> ModelError:
    return ModelStopped(why) if started else ModelUnavailable(why)


def _translated(error: Exception, started: bool) -> ModelError:
    """One of our errors for whatever the client raised. The message names the class and the status, never the text:
    an endpoint may echo the question or the key."""
    status = getattr(error, "status_code", None)
    name = type(error).__name__ + (f" {status}" if status else "")
    if started:
        return ModelStopped(name)
    if status == 429 or (isinstance(status, int) and status >= 500):
        return _TryAgain(name, _retry_after(error))
    return ModelUnavailable(name)


def _retry_after(error: Exception) -> float:
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        return min(10.0, max(0.0, float(headers.get("retry-after", 1))))
    except (TypeError, ValueError):
        return 1.0
