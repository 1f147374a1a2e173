"""How much Slack takes: what a message or a view breaks of its limits, and text cut to fit. Pure.

The figures are Slack's documented ones and those of the installed client's models. Length is counted in UTF-16 units,
the larger count wherever Slack's servers and its apps differ.
"""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
MARKDOWN = 12_000
SECTION = 3000
HEADER = 150
CONTAINER_TITLE = 150
CONTAINER_CHILDREN = 10
CONTEXT_ELEMENTS = 10
ACTIONS = 25
CONTEXT_ACTIONS = 5
BUTTON = 75
VALUE = 2000
VIEW_TITLE = 24
PRIVATE_METADATA = 3000
ADDRESS = 3000
IDENTIFIER = 255
PLACEHOLDER = 150
LABEL = 2000
INPUT = 3000
PROMPTS = 4
# What a notification and a screen reader get. Slack takes 40,000 and asks for 4,000 at most.
FALLBACK = 3900


Block = Mapping[str, Any]

# What a container takes by the documentation and, as reported, by Slack's servers: both.
_IN_A_CONTAINER = {"actions", "context", "divider", "header", "image", "section", "table", "video"}
# Blocks that only some places take. An alert makes a message unacceptable; the others are documented for messages.
_IN_MESSAGES_ONLY = {"markdown", "context_actions", "container"}
_IN_WINDOWS_ONLY = {"alert", "input"}
_ALERT_LEVELS = {"default", "info", "warning", "error", "success"}
_RICH_PARTS = {"rich_text_section", "rich_text_quote", "rich_text_list", "rich_text_preformatted"}
_BUTTON_STYLES = {"primary", "danger"}
_ELLIPSIS = "…"
# A word longer than this is cut inside rather than taken out with everything after the last space.
_LONGEST_WORD = 40
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")


def length(text: str) -> int:
    """UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def shortened(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis, in at most ``most`` units: cut at a word, never inside a character
    that is written with several code points."""
    if length(text) <= most:
        return text
    if most < 1:
        return ""
    end, units = 0, length(_ELLIPSIS)
    for character in text:
        units += length(character)
        if units > most:
            break
        end += 1
    space = max(text.rfind(blank, 0, end + 1) for blank in " \n")
    if space > 0 and end - space <= _LONGEST_WORD:
        end = space
    while end > 0 and (_continues(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip() + _ELLIPSIS


def fitted(text: str, most: int, write: Callable[[str], str]) -> str:
    """``write`` of as much of the text as stays within ``most`` units once written: escaping makes text longer, and
    what is escaped must not be cut."""
    room = most
    while length(written := write(shortened(text, room))) > most and room > 0:
        room = min(room * most // length(written), room - 1)
    return written


def _continues(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character).startswith("M")


def broken_limits(shown: Sequence[Block] | Block) -> list[str]:
    """Each limit that a message (a list of blocks) or a view breaks, as ``where: what``; empty where Slack takes it."""
    if isinstance(shown, Mapping):
        misplaced = _IN_MESSAGES_ONLY | (_IN_WINDOWS_ONLY if shown.get("type") == "home" else set())
        return [*_of_view(shown), *_of_blocks(shown.get("blocks", []), VIEW_BLOCKS, misplaced)]
    return list(_of_blocks(shown, MESSAGE_BLOCKS, _IN_WINDOWS_ONLY))


def _of_view(view: Block) -> Iterator[str]:
    if view.get("type") not in ("modal", "home"):
        yield "view: a view is a modal or a home tab"
    if view.get("type") == "modal":
        yield from _text(view.get("title"), "title", VIEW_TITLE, {"plain_text"})
    for name in ("submit", "close"):
        if name in view:
            if view.get("type") == "home":
                yield f"view: a home tab has no {name}"
            yield from _text(view[name], name, VIEW_TITLE, {"plain_text"})
    yield from _most(view.get("private_metadata", ""), "private_metadata", PRIVATE_METADATA)
    yield from _most(view.get("callback_id", ""), "callback_id", IDENTIFIER)
    has_input = any(block.get("type") == "input" for block in view.get("blocks", []))
    if has_input and view.get("type") == "modal" and "submit" not in view:
        yield "view: a modal with an input needs submit"
    if (size := len(json.dumps(view))) > VIEW_BYTES:
        yield f"view: {size} bytes, at most {VIEW_BYTES}"


def _of_blocks(blocks: Sequence[Block], most: int, misplaced: set[str]) -> Iterator[str]:
    if not 1 <= len(blocks) <= most:
        yield f"blocks: {len(blocks)}, between 1 and {most}"
    ids: list[str] = []
    markdown = 0
    for position, block in enumerate(blocks):
        yield from _block(block, f"block {position}")
        if block.get("type") in misplaced:
            yield f"block {position}: no {block['type']} can stand here"
        for inner in (block, *block.get("child_blocks", [])):
            if "block_id" in inner:
                ids.append(inner["block_id"])
        markdown += length(block["text"]) if block.get("type") == "markdown" else 0
    if markdown > MARKDOWN:
        yield f"blocks: {markdown} characters of markdown, at most {MARKDOWN}"
    yield from (f"blocks: block_id {name!r} occurs twice" for name in {name for name in ids if ids.count(name) > 1})


def _block(block: Block, where: str) -> Iterator[str]:
    yield from _most(block.get("block_id", "-"), f"{where} block_id", IDENTIFIER, least=1)
    match block.get("type"):
        case "markdown":
            yield from _most(block["text"], where, MARKDOWN, least=1)
        case "section":
            yield from _text(block["text"], where, SECTION)
            if "accessory" in block:
                yield from _element(block["accessory"], f"{where} accessory")
        case "header":
            yield from _text(block["text"], where, HEADER, {"plain_text"})
        case "alert":
            yield from _text(block["text"], where, SECTION)
            if block.get("level", "default") not in _ALERT_LEVELS:
                yield f"{where}: no such level"
        case "divider":
            pass
        case "context":
            yield from _count(block["elements"], where, CONTEXT_ELEMENTS)
            for element in block["elements"]:
                yield from _text(element, where, SECTION)
        case "actions":
            yield from _elements(block["elements"], where, ACTIONS)
        case "context_actions":
            yield from _elements(block["elements"], where, CONTEXT_ACTIONS)
        case "container":
            yield from _container(block, where)
        case "rich_text":
            yield from _rich_text(block["elements"], where)
        case "input":
            yield from _text(block["label"], f"{where} label", LABEL, {"plain_text"})
            if "hint" in block:
                yield from _text(block["hint"], f"{where} hint", LABEL, {"plain_text"})
            yield from _element(block["element"], where)
        case other:
            yield f"{where}: {other!r} is no block that we show"


def _container(block: Block, where: str) -> Iterator[str]:
    yield from _text(block.get("title"), f"{where} title", CONTAINER_TITLE, {"plain_text"})
    if "subtitle" in block:
        yield from _text(block["subtitle"], f"{where} subtitle", CONTAINER_TITLE)
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield f"{where}: collapsed but not collapsible"
    yield from _count(block["child_blocks"], where, CONTAINER_CHILDREN)
    for position, child in enumerate(block["child_blocks"]):
        if child.get("type") not in _IN_A_CONTAINER:
            yield f"{where}: a container takes no {child.get('type')!r}"
        yield from _block(child, f"{where}.{position}")


def _rich_text(parts: Sequence[Block], where: str) -> Iterator[str]:
    if not parts:
        yield f"{where}: nothing in it"
    for part in parts:
        if part.get("type") not in _RICH_PARTS:
            yield f"{where}: {part.get('type')!r} is no part of rich text"
        if not part.get("elements"):
            yield f"{where}: an empty part"
        for element in part.get("elements", []):
            if element.get("type") == "rich_text_section":
                yield from _rich_text([element], where)
            elif element.get("type") == "text":
                yield from _most(element["text"], where, SECTION, least=1)
            elif element.get("type") == "link":
                yield from _most(element["url"], f"{where} link", ADDRESS, least=1)
            elif element.get("type") != "user":
                yield f"{where}: {element.get('type')!r} is nothing that we put into rich text"


def _elements(elements: Sequence[Block], where: str, most: int) -> Iterator[str]:
    yield from _count(elements, where, most)
    ids = [element.get("action_id") for element in elements]
    if len(set(ids)) < len(ids):
        yield f"{where}: an action_id occurs twice"
    for element in elements:
        yield from _element(element, where)


def _element(element: Block, where: str) -> Iterator[str]:
    yield from _most(element.get("action_id", ""), f"{where} action_id", IDENTIFIER, least=1)
    match element.get("type"):
        case "button":
            yield from _button(element, where)
            if "style" in element and element["style"] not in _BUTTON_STYLES:
                yield f"{where}: no such style"
            if "url" in element:
                yield from _most(element["url"], f"{where} url", ADDRESS, least=1)
        case "feedback_buttons":
            yield from _button(element["positive_button"], where)
            yield from _button(element["negative_button"], where)
        case "plain_text_input":
            if not 1 <= element.get("max_length", 1) <= INPUT:
                yield f"{where}: max_length {element['max_length']}, at most {INPUT}"
            yield from _most(element.get("initial_value", ""), f"{where} initial_value", INPUT)
            if "placeholder" in element:
                yield from _text(element["placeholder"], f"{where} placeholder", PLACEHOLDER, {"plain_text"})
        case other:
            yield f"{where}: {other!r} is no element that we show"


def _button(button: Block, where: str) -> Iterator[str]:
    yield from _text(button["text"], f"{where} button", BUTTON, {"plain_text"})
    yield from _most(button.get("value", "-"), f"{where} value", VALUE, least=1)
    yield from _most(button.get("accessibility_label", "-"), f"{where} accessibility_label", BUTTON, least=1)


def _text(found: Any, where: str, most: int, kinds: frozenset[str] | set[str] | None = None) -> Iterator[str]:
    if not isinstance(found, Mapping) or found.get("type") not in (kinds or {"plain_text", "mrkdwn"}):
        yield f"{where}: not the kind of text that stands here"
        return
    yield from _most(found["text"], where, most, least=1)


def _most(text: str, where: str, most: int, least: int = 0) -> Iterator[str]:
    if length(text) > most:
        yield f"{where}: {length(text)} characters, at most {most}"
    if len(text.strip()) < least:
        yield f"{where}: empty"


def _count(found: Sequence[object], where: str, most: int) -> Iterator[str]:
    if not 1 <= len(found) <= most:
        yield f"{where}: {len(found)} inside, between 1 and {most}"
