"""The workspace that the stand-in plays: its people and channels, and messages as a person reads them."""

from dataclasses import dataclass, field
from html import unescape
from typing import Any

TEAM, OTHER_TEAM, ORGANISATION = "T0HOME", "T0ELSE", "E0ORG"
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-home-token", "xapp-home-token", "8f742231b10e8888abcd99yyyzzz85a5"
BOT, BOT_ID = "U0BOT", "B0BOT"
ANA, BEN, GUEST, STRANGER, GRID, GONE, OTHER_BOT = (
    "U0ANA",
    "U0BEN",
    "U0GUEST",
    "U0ELSE",
    "U0GRID",
    "U0GONE",
    "U0OTHERBOT",
)
STAFF_ROOM, SHARED_ROOM, GUEST_ROOM, EXPERTS = "C0STAFF", "C0SHARED", "C0GUEST", "C0EXPERTS"
ANAS_DM, GUESTS_DM = "D0ANA", "D0GUEST"


def person(identifier: str, team: str = TEAM, **flags: Any) -> dict[str, Any]:
    known = {"deleted": False, "is_bot": False, "is_restricted": False, "is_ultra_restricted": False}
    return {"id": identifier, "team_id": team, "name": identifier.lower(), "locale": "en-GB", **known, **flags}


def channel(identifier: str, *members: str, **flags: Any) -> dict[str, Any]:
    known = {"is_ext_shared": False, "is_pending_ext_shared": False, "is_shared": False, "is_org_shared": False}
    return {
        "id": identifier,
        "name": identifier.lower(),
        "is_channel": True,
        **known,
        **flags,
        "members": list(members),
    }


@dataclass
class Message:
    """``state`` is that of a stream: open, ended, or stopped by its reader; empty for other messages."""

    ts: str
    channel: str
    user: str
    text: str
    thread_ts: str | None = None
    blocks: list[dict[str, Any]] = field(default_factory=list)
    state: str = ""
    streamed: int = 0

    @property
    def read(self) -> str:
        """What a person reads in it."""
        parts = [self.text] if self.state or not self.blocks else []
        shown = "\n".join(part for part in (*parts, *(words_of(block) for block in self.blocks)) if part)
        return unescape(shown).replace("\u2060", "")


def words_of(block: Any) -> str:
    """Every text of a block that is shown, buttons by their labels."""
    if isinstance(block, list):
        return "\n".join(filter(None, (words_of(part) for part in block)))
    if not isinstance(block, dict):
        return ""
    own = block.get("text")
    shown = [own] if isinstance(own, str) else [words_of(own)] if own else []
    for key in ("title", "elements", "child_blocks", "blocks", "positive_button", "negative_button", "label", "fields"):
        if key in block:
            shown.append(words_of(block[key]) if not isinstance(block[key], str) else block[key])
    return "\n".join(filter(None, shown))


def buttons_of(blocks: list[dict[str, Any]]) -> dict[str, str]:
    """Action id → value, of everything in the blocks that can be pressed."""
    found: dict[str, str] = {}
    for block in blocks:
        for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]:
            if element.get("type") == "feedback_buttons":
                found[element["action_id"]] = element["positive_button"]["value"]
            elif "action_id" in element:
                found[element["action_id"]] = element.get("value", "")
        found |= buttons_of(block.get("child_blocks", []))
    return found
