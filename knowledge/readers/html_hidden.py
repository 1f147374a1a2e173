"""What a page holds that its reader does not see: removed from the tree, and counted."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.readers.hidden import OFF_PAGE, PALE, STYLED_AWAY, TINY, LeftOut, colour_of, is_near

_NOTHING = r"0*(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:!important\s*)?(?:;|$)"
_HIDDEN = re.compile(
    rf"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:^|[;\s])opacity\s*:\s*{_NOTHING}", re.IGNORECASE
)
_TINY = re.compile(rf"font-size\s*:\s*(?:{_NOTHING}|[01](?:\.\d+)?p[xt]|0?\.0\d*r?em)", re.IGNORECASE)
_OFF_PAGE = re.compile(r"(?:left|right|top|text-indent)\s*:\s*-\d{3,}(?:\.\d+)?(?:px|pt|em|rem|%)", re.IGNORECASE)
_COLOUR = re.compile(
    r"(?:^|[;\s])color\s*:\s*(?:#([0-9a-f]{3,8})\b|rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)(?:[\s,/]+([\d.]+%?))?|([a-z]+))",
    re.IGNORECASE,
)
_PALE_NAMES = frozenset({"white", "transparent", "snow", "ivory", "ghostwhite", "floralwhite", "whitesmoke"})
_HIGHEST_CLIMB = 200


def remove_hidden(tree: LexborHTMLParser, left_out: LeftOut) -> None:
    """Takes out of the tree what its own attributes hide. Style sheets are not consulted: what they hide is mostly
    there to be opened by a click."""
    for node in tree.css("body [hidden],body [aria-hidden=true]"):
        left_out.add(STYLED_AWAY, node.text())
        node.decompose()
    for node in tree.css("body [style]"):
        kind = _hidden_as(node)
        if kind:
            left_out.add(kind, node.text())
            node.decompose()
    for node in tree.css("body font[color]"):
        if _is_pale(f"color:{node.attributes.get('color')}") and not _has_background(node):
            left_out.add(PALE, node.text())
            node.decompose()


def _hidden_as(node: LexborNode) -> str | None:
    style = node.attributes.get("style") or ""
    if _HIDDEN.search(style):
        return STYLED_AWAY
    if _TINY.search(style):
        return TINY
    if _OFF_PAGE.search(style):
        return OFF_PAGE
    return PALE if _is_pale(style) and not _has_background(node) else None


def _is_pale(style: str) -> bool:
    match = _COLOUR.search(style)
    if match is None:
        return False
    digits, red, green, blue, opacity, name = match.groups()
    if name:
        return name.lower() in _PALE_NAMES
    if digits:
        if (len(digits) == 4 and digits[3] == "0") or (len(digits) == 8 and digits[6:] == "00"):  # see-through
            return True
        digits = "".join(digit * 2 for digit in digits[:3]) if len(digits) < 6 else digits[:6]
        colour = colour_of(digits)
        return colour is not None and is_near(colour)
    if opacity and float(opacity.rstrip("%").strip(".") or 0) == 0:
        return True
    return is_near((int(red[:4]) / 255, int(green[:4]) / 255, int(blue[:4]) / 255))


def _has_background(node: LexborNode) -> bool:
    """Whether the element or one around it says what is behind the text."""
    climbed: LexborNode | None = node
    for _ in range(_HIGHEST_CLIMB):
        if climbed is None:
            return False
        if climbed.attributes.get("bgcolor") or "background" in (climbed.attributes.get("style") or "").lower():
            return True
        climbed = climbed.parent
    return False
