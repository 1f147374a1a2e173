"""The only way the server makes HTML: text is escaped, whatever it contains, and only web addresses become links."""

from html import escape
from urllib.parse import urlsplit


class Markup(str):
    """A piece of HTML that was made here."""

    __slots__ = ()


def element(tag: str, attributes: dict[str, str] | None = None, *children: str) -> Markup:
    """An element; children that are not Markup are text."""
    written = "".join(f' {name}="{escape(value)}"' for name, value in (attributes or {}).items())
    inner = "".join(child if isinstance(child, Markup) else escape(child) for child in children)
    return Markup(f"<{tag}{written}>{inner}</{tag}>")


def web_link(address: str | None) -> Markup | None:
    """A link to an original publication, or None where its address is none that is safe to follow."""
    try:
        parts = urlsplit(address or "")
    except ValueError:  # such as http://[
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return element("a", {"href": address or "", "rel": "noopener noreferrer"}, f"Original at {parts.hostname}")
