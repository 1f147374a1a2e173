"""The only way the server makes HTML: text is escaped, whatever it contains, and only web addresses become links."""

from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import urlsplit

# True is an attribute without a value; None and False leave it out.
Attributes = Mapping[str, str | bool | None]
_EMPTY = frozenset({"input", "link", "meta", "br"})


class Markup(str):
    """A piece of HTML that was made here."""

    __slots__ = ()


def element(tag: str, attributes: Attributes | None = None, *children: str) -> Markup:
    """An element; children that are not Markup are text. An attribute that is None or False is left out, one that is
    True has no value."""
    written = "".join(_attribute(name, value) for name, value in (attributes or {}).items())
    if tag in _EMPTY:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{joined(*children)}</{tag}>")


def joined(*children: str) -> Markup:
    """Text and markup one after the other, in no element of their own."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))


def web_host(address: str | None) -> str | None:
    """The host of an address that is safe to follow; None for any other."""
    try:
        parts = urlsplit(address or "")
    except ValueError:  # such as http://[
        return None
    return parts.hostname if parts.scheme in ("http", "https") and parts.hostname else None


def web_link(
    address: str | None,
    label: Callable[[str], str] = "Original at {}".format,
    more: Attributes | None = None,
) -> Markup | None:
    """A link to an original publication, named by its host; None where its address is none that is safe to follow.
    ``more`` are further attributes."""
    host = web_host(address)
    if host is None:
        return None
    return element("a", {**(more or {}), "href": address, "rel": "noopener noreferrer"}, label(host))


def _attribute(name: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(value)}"'
