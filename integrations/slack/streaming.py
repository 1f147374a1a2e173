"""One answer in a thread: a status, then a message that grows sentence by sentence, then its sources and buttons.

Slack's streams have rules of their own: calls one after the other, a length that ends them, an age at which they
expire, a reader who may stop them. Whatever happens to a stream, what was not shown in it is posted as a message.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from integrations.slack.errors import StoppedByReader, Undeliverable
from integrations.slack.workspaces import Workspace, code_of

# A streamed message may hold 12,000 characters in all; another is begun well before.
ROLL_OVER = 10_000
FLUSH_SECONDS = 0.6
_PARAGRAPH = "\n\n"
_STOPPED = "stopped_by_user"
_NO_PLACE = frozenset(
    {"channel_not_found", "is_archived", "not_in_channel", "restricted_action", "cannot_reply_to_message"}
    | {"restricted_action_thread_locked", "messages_tab_disabled", "thread_not_found", "user_not_found"}
)
_TOO_MUCH = frozenset({"msg_too_long", "msg_blocks_too_long"})
_WRONG_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_blocks_too_many"})
Block = dict[str, Any]
_log = logging.getLogger("migdesk.slack")


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answer can end: ``closing`` below what was streamed, the ``whole`` as one message, both of plainer blocks
    for where Slack refuses the others, and in words."""

    closing: Sequence[Block]
    whole: Sequence[Block]
    plain_closing: Sequence[Block]
    plain_whole: Sequence[Block]
    fallback: str


class AnswerStream:
    """``posted`` is awaited with the ts of each message that appears. ``say`` and ``finish`` raise StoppedByReader once
    the reader has stopped the stream; ``finish`` and ``end`` raise Undeliverable where Slack takes no message here, and
    SlackApiError for what another attempt may mend."""

    def __init__(
        self,
        workspace: Workspace,
        channel: str,
        thread_ts: str,
        *,
        user: str,
        team: str | None,
        posted: Callable[[str], Awaitable[None]],
        pause: float = FLUSH_SECONDS,
    ) -> None:
        self._workspace, self._client = workspace, workspace.client
        self._channel, self._thread_ts = channel, thread_ts
        self._recipient = {"recipient_user_id": user, "recipient_team_id": team or workspace.team_id}
        self._posted, self._pause = posted, pause
        self._waiting: list[str] = []
        self._news, self._sending = asyncio.Event(), asyncio.Lock()
        self._pump: asyncio.Task[None] | None = None
        self._ts: str | None = None
        self._length = 0
        self._has_begun, self._is_streaming, self._was_stopped = False, True, False

    async def status(self, text: str) -> None:
        """Shown until the first words; only ever an extra."""
        await self._extra(self._client.assistant_threads_setStatus, status=text)

    async def session(self, status: str, title: str | None = None) -> None:
        """``processing`` shows the stop button, ``active`` takes it away again."""
        await self._extra(self._client.agents_sessions_setStatus, status=status, title=title)

    async def say(self, markdown: str) -> None:
        """Adds a sentence. Returns at once; it is sent with whatever else has come by then."""
        self._raise_if_stopped()
        self._waiting.append(markdown)
        self._news.set()
        if self._pump is None:
            self._pump = asyncio.create_task(self._pumping())

    async def finish(self, ending: Ending) -> None:
        """Ends the answer with what belongs below it, or posts the whole where nothing was streamed."""
        await self.abandon()
        async with self._sending:
            await self._send()
            is_ended = self._ts is not None and self._is_streaming and await self._stop(ending)
        self._raise_if_stopped()
        if is_ended:
            return
        if not self._has_begun:
            await self._post(ending.whole, ending.plain_whole, ending.fallback)
            return
        rest = _PARAGRAPH.join(self._waiting)
        above = [_markdown(rest)] if rest else []
        await self._post([*above, *ending.closing], [*above, *ending.plain_closing], rest or ending.fallback)

    async def end(self, text: str, *, was_stopped: bool = False) -> None:
        """Ends it early with words of the desk's own. A reader who stopped a stream sees that it has ended."""
        await self.abandon()
        self._waiting.clear()
        if self._ts is not None and self._is_streaming:
            try:
                await self._client.chat_stopStream(channel=self._channel, ts=self._ts, blocks=[_markdown(text)])
                return
            except SlackApiError as error:
                _log.info("a stream could not be ended: %s", code_of(error))
        if not (was_stopped and self._has_begun):
            await self._post([_markdown(text)], [], text)

    async def abandon(self) -> None:
        """No more is sent by itself. A call under way is let finish: nobody could tell whether it had arrived."""
        if self._pump is not None:
            async with self._sending:
                self._pump.cancel()
            await asyncio.wait([self._pump])
            self._pump = None

    async def _pumping(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            async with self._sending:
                await self._send()
            await asyncio.sleep(self._pause)

    async def _send(self) -> None:
        """Everything that waits, in as few calls as the length allows. What could not be sent goes on waiting."""
        while self._waiting and self._is_streaming:
            count, text = self._batch()
            if not count:
                await self._roll_over()
                continue
            try:
                await self._append(text)
            except SlackApiError as error:
                code = code_of(error)
                if code in _TOO_MUCH and self._length:
                    await self._roll_over()
                    continue
                if code == "ratelimited" and self._ts is not None:
                    return
                self._give_up(code)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                self._give_up(type(error).__name__)
            else:
                self._length += len(text)
                del self._waiting[:count]

    def _batch(self) -> tuple[int, str]:
        """How many of the waiting sentences fit into the message, and their text. One that would fit into none goes
        out alone."""
        count, text = 0, ""
        for sentence in self._waiting:
            longer = text + (_PARAGRAPH if text or self._length else "") + sentence
            if self._length + len(longer) > ROLL_OVER and (self._length or count):
                break
            count, text = count + 1, longer
        return count, text

    async def _append(self, text: str) -> None:
        chunks = [{"type": "markdown_text", "text": text}]
        if self._ts is not None:
            await self._client.chat_appendStream(channel=self._channel, ts=self._ts, chunks=chunks)
            return
        response = await self._client.chat_startStream(
            channel=self._channel, thread_ts=self._thread_ts, chunks=chunks, **self._recipient
        )
        self._ts, self._has_begun = str(response["ts"]), True
        await self._posted(self._ts)

    async def _roll_over(self) -> None:
        try:
            await self._client.chat_stopStream(channel=self._channel, ts=self._ts or "")
        except SlackApiError as error:
            # It has ended then, one way or the other; only a reader's stop means anything.
            _log.info("a full stream could not be ended: %s", code_of(error))
            if code_of(error) == _STOPPED:
                self._give_up(_STOPPED)
        self._ts, self._length = None, 0

    async def _stop(self, ending: Ending) -> bool:
        """Whether the stream has ended with what belongs below it. What was streamed stays either way."""
        for blocks in (ending.closing, ending.plain_closing):
            try:
                await self._client.chat_stopStream(channel=self._channel, ts=self._ts or "", blocks=list(blocks))
                return True
            except SlackApiError as error:
                code = code_of(error)
                if code not in _WRONG_BLOCKS:
                    self._give_up(code)
                    return False
                _log.error("Slack refused the blocks below an answer: %s", code)
        self._give_up("invalid_blocks")
        await self._client.chat_stopStream(channel=self._channel, ts=self._ts or "")
        return False

    async def _post(self, blocks: Sequence[Block], plainer: Sequence[Block], text: str) -> None:
        response = None
        for tried in (blocks, plainer, None):
            try:
                response = await self._client.chat_postMessage(
                    channel=self._channel,
                    thread_ts=self._thread_ts,
                    text=text,
                    blocks=list(tried) if tried else None,
                    unfurl_links=False,
                    unfurl_media=False,
                )
                break
            except SlackApiError as error:
                code = code_of(error)
                if code in _NO_PLACE:
                    raise Undeliverable(f"Slack takes no message there: {code}.") from None
                if code not in _WRONG_BLOCKS or not tried:
                    raise
                _log.error("Slack refused the blocks of an answer: %s", code)
        assert response is not None
        self._has_begun = True
        await self._posted(str(response["ts"]))

    async def _extra(self, method: Callable[..., Awaitable[Any]], **values: Any) -> None:
        """A call without which the answer is as good: its failure is noted and forgotten."""
        try:
            await method(channel_id=self._channel, thread_ts=self._thread_ts, **values)
        except SlackApiError as error:
            _log.info("%s: %s", getattr(method, "__name__", "a call"), code_of(error))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.info("%s: %s", getattr(method, "__name__", "a call"), type(error).__name__)

    def _give_up(self, code: str) -> None:
        """No more is streamed; what waits is posted at the end."""
        self._is_streaming, self._was_stopped = False, self._was_stopped or code == _STOPPED
        _log.info("a stream has ended early: %s", code)

    def _raise_if_stopped(self) -> None:
        if self._was_stopped:
            raise StoppedByReader


def _markdown(text: str) -> Block:
    return {"type": "markdown", "text": text}
