"""Kept answers, as far as somebody may see them now: rights, labels and documents may have changed since."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from assistant.conversations.types import Kept
from assistant.types import Answer, Citation, Reader, Sentence
from integrations.slack.identity import PUBLIC
from integrations.slack.parts import Parts
from integrations.slack.placing import person_key
from integrations.slack.presses import Press
from integrations.slack.workspaces import Workspace

# How much of a document is shown on either side of a quote, in characters.
_AROUND = 700


class Kepts:
    """Hidden and absent look the same: None."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def of(self, workspace: Workspace, press: Press, answer_id: str) -> Kept | None:
        """The answer a press is about, if it was given in this workspace, at the place where the press was, and, where
        one person asked for themselves, to this person."""
        kept = await asyncio.to_thread(self._parts.conversations.kept, answer_id)
        if kept is None or kept.answer is None or kept.question is None:
            return None
        place = place_of(kept)
        if place is None or place[0] != workspace.key:
            return None
        _, channel, thread_ts = place
        if is_private(thread_ts):
            return kept if thread_ts == press.user else None
        if channel.startswith("D") and kept.person != person_key(workspace.key, press.user):
            return None
        return kept if press.view_id or press.channel == channel else None

    async def visible(self, kept: Kept, audience: str) -> Answer | None:
        """What of the answer rests on documents that the audience may see now, and stands there as it was quoted."""
        answer = kept.answer
        if answer is None:
            return None
        return await asyncio.to_thread(self._visible, answer, audience)

    async def surroundings(self, answer: Answer, audience: str) -> Mapping[str, str]:
        """Passage id → the stored text around what is quoted of it."""
        return await asyncio.to_thread(self._surroundings, answer, audience)

    def _visible(self, answer: Answer, audience: str) -> Answer | None:
        audiences = Reader.of(audience).audiences
        sentences = []
        for sentence in answer.sentences:
            citations = tuple(citation for citation in sentence.citations if self._stands(citation, audiences))
            if citations:
                sentences.append(Sentence(sentence.text, citations))
        numbers = {citation.number for sentence in sentences for citation in sentence.citations}
        if not numbers:
            return None
        sources = tuple(card for card in answer.sources if card.number in numbers)
        # A position rests on a document that the answer cites.
        seen = {(c.document_id, c.version) for sentence in sentences for c in sentence.citations}
        positions = tuple(one for one in answer.positions if (one.document_id, one.version) in seen)
        return replace(answer, sentences=tuple(sentences), sources=sources, positions=positions)

    def _stands(self, citation: Citation, audiences: frozenset[str]) -> bool:
        return self._text(citation, citation.start, citation.end, audiences) == citation.quote

    def _surroundings(self, answer: Answer, audience: str) -> dict[str, str]:
        audiences = Reader.of(audience).audiences
        found: dict[str, str] = {}
        citations = [citation for sentence in answer.sentences for citation in sentence.citations]
        for passage in dict.fromkeys(citation.passage_id for citation in citations):
            quoted = [citation for citation in citations if citation.passage_id == passage]
            start = max(0, min(citation.start for citation in quoted) - _AROUND)
            end = max(citation.end for citation in quoted) + _AROUND
            if text := self._text(quoted[0], start, end, audiences):
                found[passage] = text
        return found

    def _text(self, citation: Citation, start: int, end: int, audiences: frozenset[str]) -> str | None:
        catalogue = self._parts.desk.base.catalogue
        return catalogue.excerpt(citation.document_id, start, end, audiences, citation.version)


def place_of(kept: Kept) -> tuple[str, str, str] | None:
    """Workspace, channel and thread of a kept answer; the thread is a user's id where one person alone sees it."""
    surface, *place = kept.thread.split(":")
    return (place[0], place[1], place[2]) if surface == "slack" and len(place) == 3 else None


def is_private(thread_ts: str) -> bool:
    """Whether it names a person instead of a message."""
    return not thread_ts[:1].isdigit()


async def audience_in_place(parts: Parts, workspace: Workspace, press: Press, channel: str, thread_ts: str) -> str:
    """What may be told where the answer stands, asked anew: the person's own rights where they are alone with it, what
    all members may see elsewhere."""
    is_alone = is_private(thread_ts) or channel.startswith("D")
    where = None if is_alone else channel
    if not press.user:
        return PUBLIC
    return await parts.identities.audience(workspace, press.user, team=press.user_team, channel=where, again=True)
