"""The only way the report makes HTML and SVG: text is escaped, whatever it contains, and only web addresses become
links."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlsplit

_VOID = {"input", "br", "meta"}
# What a text may hold and no page should: control characters, halves of characters, and marks that turn the order of
# letters around beyond the text itself.
_LEFT_OUT: dict[int, str | None] = {
    **dict.fromkeys((code for code in range(0x20) if chr(code) not in "\t\n\r"), None),
    **dict.fromkeys((*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), None),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


class Markup(str):
    """A piece of HTML that was made here."""

    __slots__ = ()


def element(tag: str, attributes: dict[str, str] | None = None, *children: str) -> Markup:
    """An element; children that are not Markup are text."""
    written = "".join(f' {name}="{escape(_fit(value))}"' for name, value in (attributes or {}).items())
    if tag in _VOID:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{together(children)}</{tag}>")


def together(parts: Iterable[str]) -> Markup:
    """Pieces one after another; those that are not Markup are text."""
    return Markup("".join(part if isinstance(part, Markup) else escape(_fit(part), quote=False) for part in parts))


def foreign(tag: str, text: str, language: str | None = None, kind: str = "", *more: str) -> Markup:
    """Text of a document, a reader or a model: in its own direction, and in its language where that is known. ``more``
    are pieces of it that are marked up already."""
    attributes = {"class": kind} if kind else {}
    attributes["dir"] = "auto"
    if language:
        attributes["lang"] = language
    return element(tag, attributes, text, *more)


def web_link(address: str | None, said: str | None = None) -> Markup | None:
    """A link to a publication, or None where its address is none that is safe to follow. Without ``said`` it names the
    host."""
    try:
        parts = urlsplit(address or "")
        host = parts.hostname
    except ValueError:  # such as http://[
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return element("a", {"href": address or "", "rel": "noopener"}, said or host)


def _fit(text: str) -> str:
    return text.translate(_LEFT_OUT)
