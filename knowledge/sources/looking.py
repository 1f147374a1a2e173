"""One look at one page: asks for it, reads it, and says how it went. Changes nothing."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.audiences import PUBLIC, stricter
from knowledge.candidates import Candidate
from knowledge.errors import UnreadableDocument
from knowledge.ingest import READERS_VERSION
from knowledge.readers.reading import Reading
from knowledge.readers.sandbox import SANDBOX
from knowledge.sources.addresses import Target
from knowledge.sources.errors import FetchFailed, HostUnavailable, RefusedByRobots, UnsafeAddress
from knowledge.sources.fetching import Fetched, Fetcher
from knowledge.sources.manners import Manners
from knowledge.sources.registry import Entry
from knowledge.sources.state import Seen

Found = Literal["there", "not modified", "vanished", "failed", "refused"]

_GONE = frozenset({404, 410})
# Media type → the ending that picks the reader. Nothing with front matter: a page does not name its own id.
_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
}
_UNKNOWN_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_OLD_CHARSETS = re.compile(r"windows-125\d|iso-8859-\d{1,2}|koi8-[ru]|us-ascii", re.IGNORECASE)
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([A-Za-z0-9_-]+)", re.IGNORECASE)
_HTML_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
# The address of a site's front page, also of one of its languages.
_FRONT_PAGE = re.compile(r"/(?:[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?/?)?(?:index\.\w+|home/?)?")
_LONGEST_REASON = 500
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,500}")


@dataclass(frozen=True, slots=True)
class Look:
    """``reading`` is set when the page is there; ``note`` says what the operator should know although all is well."""

    found: Found
    reason: str = ""
    note: str = ""
    reading: Reading | None = None
    etag: str | None = None
    last_modified: str | None = None


def look_at(entry: Entry, fetcher: Fetcher, manners: Manners, known: Seen | None = None) -> Look:
    """``known`` is given where the document made from the page is still in the base: then a page that its host says is
    not modified is not sent again."""
    look = _look(entry, fetcher, manners, known)
    # Parts of these come from the host: nothing in them is meant for a terminal.
    return replace(look, reason=_printable(look.reason), note=_printable(look.note))


def _look(entry: Entry, fetcher: Fetcher, manners: Manners, known: Seen | None) -> Look:
    try:
        answer = fetcher.get(entry.target, _conditions(known), manners.before)
    except RefusedByRobots as error:
        return Look("refused", str(error))
    except HostUnavailable as error:
        manners.leave_alone(str(error))
        return Look("failed", str(error))
    except (FetchFailed, UnsafeAddress) as error:
        return Look("failed", str(error))
    manners.note_status(answer.status)
    if answer.status == 304 and known is not None:
        return Look("not modified", etag=known.etag, last_modified=known.last_modified)
    if answer.status in _GONE:
        return Look("vanished", f"answered {answer.status} ({'gone' if answer.status == 410 else 'not found'})")
    if answer.status != 200:
        return Look("failed", f"answered with status {answer.status}")
    if _is_front_page(answer.target) and not _is_front_page(entry.target):
        return Look(
            "failed",
            f"leads to the front page {answer.target.url} now; find the page's new address and correct sources.toml",
        )
    return _read(entry, answer)


def candidate_of(entry: Entry, reading: Reading) -> Candidate:
    """What ingest is given. Its bytes are the text that was read, not the page's: pages carry tokens and times that
    differ at every visit."""
    made = replace(
        reading,
        id=None,
        title=entry.title or reading.title,
        audience=stricter(entry.audience, reading.audience or PUBLIC),
        publisher=entry.publisher,
        url=entry.url,
        language=entry.language or reading.language,
    )
    blocks = [[b.kind, b.span.start, b.span.end, b.headings, b.place] for b in made.blocks]
    said = [made.text, blocks, made.publisher, made.url, made.language]
    raw = json.dumps(said, ensure_ascii=False).encode()
    return Candidate(entry.url, entry.id, lambda: (raw, made), is_file=False)


def said_of(entry: Entry) -> str:
    """A digest of what sources.toml says of a page: where it changes, the document does."""
    said = [entry.url, entry.title, entry.publisher, entry.audience, entry.language]
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=8).hexdigest()


def _conditions(known: Seen | None) -> dict[str, str]:
    if known is None or known.readers != READERS_VERSION:
        return {}
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in conditions.items() if value and _VALIDATOR.fullmatch(value)}


def _read(entry: Entry, answer: Fetched) -> Look:
    declared = answer.headers.get("content-type", "")
    ending = _ending(declared, answer.body)
    if ending is None:
        shown = declared.partition(";")[0][:60] or "no type"
        return Look("failed", f"is of a type that is not read ({shown}); web pages, PDF and plain text are")
    try:
        reading = SANDBOX.read(_as_utf8(answer.body, declared, ending), ending, entry.id)
    except UnreadableDocument as error:
        return Look("failed", f"cannot be read: {error}")
    moved = answer.target.url != entry.target.url
    notes = list(reading.remarks)
    if moved and answer.moved_for_good:
        notes.append(f"has moved to {answer.target.url}; put that address into sources.toml")
    return Look(
        "there",
        note="; ".join(notes),
        reading=reading,
        # Of the page itself only: what a redirect leads to has an ETag of its own.
        etag=None if moved else _kept(answer.headers.get("etag")),
        last_modified=None if moved else _kept(answer.headers.get("last-modified")),
    )


def _ending(declared: str, body: bytes) -> str | None:
    if body.startswith(b"%PDF-"):
        return ".pdf"
    media_type = declared.partition(";")[0].strip().lower()
    if media_type in _UNKNOWN_TYPES:
        return ".html" if _HTML_BEGINS.match(body) else None
    return _ENDINGS.get(media_type)


def _as_utf8(body: bytes, declared: str, ending: str) -> bytes:
    """Older sites name their encoding in the header only, which the reader does not see."""
    charset = _CHARSET.search(declared)
    if ending == ".pdf" or charset is None or not _OLD_CHARSETS.fullmatch(charset[1]):
        return body
    try:
        return body.decode(charset[1]).encode()
    except (LookupError, UnicodeDecodeError):
        return body


def _kept(validator: str | None) -> str | None:
    return validator if validator and _VALIDATOR.fullmatch(validator) else None


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())[:_LONGEST_REASON]


def _is_front_page(target: Target) -> bool:
    return not target.query and _FRONT_PAGE.fullmatch(target.path) is not None
