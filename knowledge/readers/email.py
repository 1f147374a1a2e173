"""Mail: the subject as title, the date, the body. Addresses are personal data and stay out; attachments are named to
the operator and not read."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from knowledge.errors import UnreadableDocument
from knowledge.normalisation import title_of
from knowledge.readers import html, plain
from knowledge.readers.reading import Reading

_LONGEST_NAME = 80
_HEADERS = ("from", "date", "subject", "received", "message-id", "to")


def read(raw: bytes, name: str) -> Reading:
    """Raises UnreadableDocument for what is no mail."""
    message = message_from_bytes(raw, policy=policy.default)
    if not isinstance(message, EmailMessage) or not any(message.get(header) for header in _HEADERS):
        raise UnreadableDocument("is no mail: it has no sender, date or subject")
    subject = title_of(str(message.get("subject") or ""))
    reading = _body(message, subject or name)
    attached = list(_attachments(message))
    notes = [f"attachments are not read: {', '.join(attached)}"] if attached else []
    return replace(
        reading,
        title=subject or reading.title,
        published=_date(str(message.get("date") or "")),
        remarks=(*reading.remarks, *notes),
    )


def _body(message: EmailMessage, name: str) -> Reading:
    """The plain text, or the formatted one where there is no plain text worth the name."""
    for kind, reader in (("plain", plain.read), ("html", html.read)):
        part = message.get_body(preferencelist=(kind,))
        if part is None:
            continue
        try:
            content = str(part.get_content())
        except LookupError as error:
            raise UnreadableDocument(f"its text is in an encoding nobody knows: {title_of(str(error))[:80]}") from error
        reading = reader(content.encode("utf-8", "replace"), name)
        if reading.blocks:
            return reading
    return Reading(title=name, text="", blocks=())


def _attachments(message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        is_attached = part.get_content_disposition() == "attachment" or part.get_filename()
        if is_attached or part.get_content_type() == "message/rfc822":
            yield title_of(str(part.get_filename() or part.get_content_type()))[:_LONGEST_NAME]


def _date(written: str) -> str | None:
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    return moment.date().isoformat() if moment.year > 1970 and moment.date() <= _tomorrow() else None


def _tomorrow() -> datetime.date:
    return (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)).date()
