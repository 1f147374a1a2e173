"""The home tab: how to ask, what the knowledge base holds, and what its reader asked last. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.conversations.types import Kept
from assistant.message_files import isolated
from assistant.types import Outcome
from assistant.written_dates import written_date
from integrations.slack import actions as names
from integrations.slack.blocks import Block, actions, button, context, divider, header, section
from integrations.slack.limits import PROMPTS, VALUE, shortened
from integrations.slack.texts import text

_RECENT = 5
_LONGEST_QUESTION = 300


@dataclass(frozen=True, slots=True)
class HomeState:
    """What the tab tells. ``recent``: newest first; ``newest``: date of the newest source, ``checked``: when the
    knowledge base was last looked at, both YYYY[-MM[-DD]]; ``prompts`` as suggested_prompts gives them."""

    language: str
    recent: list[Kept]
    documents: int
    newest: str | None
    checked: str
    prompts: tuple[Mapping[str, str], ...] = ()


def home_view(state: HomeState) -> Block:
    language = state.language
    ways = (text(f"home.{way}", language) for way in ("how_message", "how_mention", "how_command", "how_shortcut"))
    blocks = [
        header(text("home.title", language)),
        section(text("home.intro", language)),
        actions([button(text("button.ask", language), names.HOME_ASK, names.HOME_ASK, "primary")]),
        header(text("home.how", language)),
        *(section(f"•  {way}") for way in ways),
        *_suggestions(state),
        divider(),
        header(text("home.recent", language)),
        *_recent(state),
        divider(),
        header(text("home.library", language)),
        context(*_freshness(state)),
    ]
    return {"type": "home", "blocks": blocks}


def _suggestions(state: HomeState) -> list[Block]:
    buttons = [
        button(prompt["title"], names.suggested_action(position), shortened(prompt["message"], VALUE))
        for position, prompt in enumerate(state.prompts[:PROMPTS])
    ]
    return [context(text("home.suggested", state.language)), actions(buttons)] if buttons else []


def _recent(state: HomeState) -> list[Block]:
    if not state.recent:
        return [context(text("home.none", state.language))]
    blocks = []
    for kept in state.recent[:_RECENT]:
        blocks.append(section(kept.question or text("home.erased", state.language), _LONGEST_QUESTION))
        blocks.append(context(*_ending(kept, state.language)))
    return blocks


def _ending(kept: Kept, language: str) -> list[str]:
    day = isolated(written_date(kept.asked_at.date().isoformat(), language), language)
    known = {outcome.value for outcome in Outcome}
    return [text(f"outcome.{kept.outcome.lower()}", language), day] if kept.outcome in known else [day]


def _freshness(state: HomeState) -> list[str]:
    language = state.language
    newest = [text("home.newest", language, date=written_date(state.newest, language))] if state.newest else []
    return [
        text("home.documents", language, count=state.documents),
        *newest,
        text("home.checked", language, when=written_date(state.checked, language)),
    ]
