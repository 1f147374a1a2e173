"""An answer as Markdown, for clients that show what they get as such. Pure.

Words of documents stay words: they can make no image, no link, no heading and no HTML, so that nothing is fetched and
nothing leads anywhere but to the sources' own addresses.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from assistant.replies import message
from assistant.types import Answer, Sentence, SourceCard
from assistant.written_dates import written_date

# What opens something inside a line, and an address that clients would turn into a link of themselves.
_OPENING = re.compile(r"[\\`*_\[\]<>|~]|!(?=\[)|&(?=#?\w{1,32};)")
_SCHEME = re.compile(r":(?=//)")
_BARE = re.compile(r"\b(www)\.(?=\w)", re.IGNORECASE)
_LEADING = re.compile(r"(#{1,6}|[-+=]+|\d{1,9}[.)])(?=\s|$)")
_WORD_JOINER = "\u2060"
_TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e"))
_SAFE = "%/:?#@!$&'*+,;=-._~"


def written(text: str) -> str:
    """Words on one line that no reader of Markdown takes for anything but words."""
    shown = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") else " " for c in text.translate(_TURNING))
    shown = _OPENING.sub(lambda found: "&amp;" if found[0] == "&" else f"\\{found[0]}", " ".join(shown.split()))
    shown = _BARE.sub(rf"\1{_WORD_JOINER}.", _SCHEME.sub(f":{_WORD_JOINER}", shown))
    return (
        _LEADING.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", shown, count=1)
        if _LEADING.match(shown)
        else shown
    )


def sentence_text(sentence: Sentence) -> str:
    """The words with the numbers of their sources."""
    numbers = dict.fromkeys(citation.number for citation in sentence.citations)
    return written(sentence.text) + "".join(f" [{number}]" for number in numbers)


def rest_of(answer: Answer) -> str:
    """What stands after the sentences: the desk's own words where there are none, notices, questions to choose from,
    sources."""
    return "\n\n".join(_paragraphs(answer))


def whole(answer: Answer) -> str:
    """The whole answer as one text."""
    parts = [*map(sentence_text, answer.sentences), rest_of(answer)]
    return "\n\n".join(part for part in parts if part)


def _paragraphs(answer: Answer) -> Iterator[str]:
    if not answer.sentences:
        yield "\n\n".join(written(line) for line in answer.text.splitlines() if line.strip())
    if answer.choices:
        yield "\n".join(f"- {written(choice)}" for choice in answer.choices)
    yield from (f"> {written(notice.text)}" for notice in answer.notices)
    if answer.sources:
        title = written(message("briefing.sources", answer.language))
        yield f"**{title}**"
        yield "\n".join(_source(source, answer.language) for source in answer.sources)


def _source(source: SourceCard, language: str) -> str:
    parts = [written(source.title) or message("briefing.untitled", language)]
    date = written_date(source.published, language) if source.published else None
    parts += [written(known) for known in (source.publisher, date) if known]
    if address := _web_address(source.url):
        parts.append(f"<{address}>")
    return f"- [{source.number}] {' · '.join(parts)}"


def _web_address(url: str | None) -> str | None:
    """The address where it is one of the web, with nothing in it that could end the link."""
    address = quote((url or "").strip(), safe=_SAFE)
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return address if is_whole else None
