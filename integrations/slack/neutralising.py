"""Text of documents and people, written so that Slack shows its words and does nothing with them. Pure.

It cannot mention or broadcast, make a link, an image or an emoji, nor break out of the formatting around it. Slack has
three ways of reading text, so there are three ways of writing it. None relies on backslashes: Slack's own format has no
escape, and what its Markdown makes of one is not documented. A word joiner (U+2060) between two characters is invisible
and parts what would have been a command; a mark that would format gives way to one that looks the same.
"""

import re
import unicodedata
from urllib.parse import quote, urlsplit

from integrations.slack.limits import ADDRESS, length

JOINER = "\u2060"
_LONGEST_ADDRESS = ADDRESS - 1000  # room for the title beside it in one section

# Overrides and embeddings turn the words around them; they have no place in a text that is quoted letter for letter.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
_OPENING, _CLOSING = frozenset("\u2066\u2067\u2068"), "\u2069"
_WITHOUT_SIGHT = re.compile("[\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]")
_MENTION = re.compile(r"@(?=\S)")
_SCHEME = re.compile(r":(?=//)")
_DOMAIN = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2,})")
_EMOJI = re.compile(r":(?=[\w+'-]{1,100}:)")
_CONTROL = re.compile(r"<(?=[!@#])")
_ENTITY = re.compile(r"&(?=#?\w{1,32};)")
_LINK = re.compile(r"\](?=[(\[:])")
_MARKS = str.maketrans({"_": "\u02cd", "~": "\u223c", "`": "\u02cb", "\\": "\u29f5"})
# "Kosovo*": an asterisk after a word can close what another has opened and open nothing, and none is left to open.
_ASTERISK = re.compile(r"(?<![^\W_])\*|\*(?=\w)")
_EMPTY_LINES = re.compile(r"\n{3,}")
_LEADING = re.compile(r"(?:[#>+=|\-\u2022\u2013\u2014]|&gt;|\d{1,9}[.)]|[a-z][.)]\s)")


def clean(text: str) -> str:
    """On one line, without control characters, invisible ones and marks that turn the direction of what follows. The
    joiners of Indic and Arabic script and balanced isolates stay."""
    text = "".join(_visible(character) for character in text)
    text = " ".join(_WITHOUT_SIGHT.sub("", text).split())
    return text if _is_balanced(text) else "".join(c for c in text if c not in _OPENING and c != _CLOSING)


def clean_lines(text: str) -> str:
    """The same with the line ends of what a person wrote, and no more than one empty line between two others."""
    return _EMPTY_LINES.sub("\n\n", "\n".join(clean(line) for line in text.splitlines())).strip()


def plain(text: str) -> str:
    """For ``plain_text``: nothing is read in it but, in some apps, addresses and broadcasts."""
    return _parted(clean(text))


def mrkdwn(text: str) -> str:
    """For ``mrkdwn`` and for the ``text`` of a message, which is read as such."""
    text = _without_marks(_parted(clean(text)))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _not_leading(text)


def markdown(text: str) -> str:
    """For a ``markdown`` block and for what is streamed: one paragraph of words."""
    text = _without_marks(_parted(clean(text)))
    text = _LINK.sub("]" + JOINER, text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _not_leading(text)


def web_address(url: str | None) -> str | None:
    """The address of a source, or None where it is no plain http or https address. Characters that could end a link
    early are percent-encoded."""
    if not url or any(
        character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in url
    ):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc or "\\" in url:
        return None
    address = quote(url, safe="%/:?#@!$&'*+,;=[]~-._")
    return address if length(address) <= _LONGEST_ADDRESS else None


def mrkdwn_link(title: str, url: str | None) -> str:
    """The title, linked where the source has an address that may be followed."""
    address = web_address(url)
    words = mrkdwn(title).replace("|", "\u2223")
    return f"<{address.replace('&', '&amp;')}|{words}>" if address else words


def _visible(character: str) -> str:
    if character in _OVERRIDES:
        return ""
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return " " if category == "Cc" else character


def _is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character in _OPENING) - (character == _CLOSING)
        if depth < 0:
            return False
    return depth == 0


def _parted(text: str) -> str:
    text = _ENTITY.sub("&" + JOINER, text)
    text = _CONTROL.sub("<" + JOINER, text)
    text = _MENTION.sub("@" + JOINER, text)
    text = _SCHEME.sub(":" + JOINER, text)
    text = _DOMAIN.sub("." + JOINER, text)
    return _EMOJI.sub(":" + JOINER, text)


def _without_marks(text: str) -> str:
    return _ASTERISK.sub("\u2217", text.translate(_MARKS))


def _not_leading(text: str) -> str:
    """Not a heading, quote, list, rule or table, which are told by how a line begins."""
    return JOINER + text if _LEADING.match(text) else text
