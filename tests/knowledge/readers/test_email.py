from email.message import EmailMessage

import pytest

from knowledge.errors import UnreadableDocument
from knowledge.readers import email
from knowledge.readers.reading import Reading
from tests.knowledge.readers.readings import assert_sound, blocks_of


def message(subject: str = "Readmission: next steps", body: str = "The meeting is on 5 June.\n") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ana Person <ana@example.org>", "ben@example.org"
    mail["Subject"], mail["Date"] = subject, "Wed, 05 Jun 2024 10:00:00 +0200"
    mail.set_content(body)
    return mail


def read(mail: EmailMessage | bytes) -> Reading:
    reading = email.read(mail if isinstance(mail, bytes) else mail.as_bytes(), "file-name")
    assert_sound(reading)
    return reading


def test_a_mail_is_its_subject_its_date_and_its_body() -> None:
    reading = read(message("Ređe: враћање", "Састанак је у јуну.\n"))
    assert (reading.title, reading.published) == ("Ređe: враћање", "2024-06-05")
    assert blocks_of(reading) == ["Састанак је у јуну."]


def test_addresses_are_left_out() -> None:
    reading = read(message())
    assert "ana" not in f"{reading}".lower() and "example.org" not in f"{reading}"


def test_plain_text_is_preferred_and_a_page_is_read_where_there_is_none() -> None:
    both = message()
    both.add_alternative("<p>Formatted.</p>", subtype="html")
    assert blocks_of(read(both)) == ["The meeting is on 5 June."]
    page = message()
    page.set_content("<p>Seen.</p><p style='display:none'>X9</p>", subtype="html")
    reading = read(page)
    assert blocks_of(reading) == ["Seen."]
    assert "left out 2 characters" in reading.remarks[0]


def test_attachments_are_named_and_not_read() -> None:
    mail = message()
    mail.add_attachment(b"X9 inside", maintype="application", subtype="pdf", filename="Agreement\u202e.pdf")
    mail.add_attachment(message("Inner", "X9 inside"))
    reading = read(mail)
    assert "X9" not in reading.text
    assert reading.remarks[-1].startswith("attachments are not read: Agreement.pdf, ")


@pytest.mark.parametrize("date", ["", "yesterday", "Wed, 99 Jun 2024", "Wed, 05 Jun 9999 10:00:00 +0200"])
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    mail = message()
    mail.replace_header("Date", date)
    assert read(mail).published is None


def test_bytes_that_are_no_mail_are_refused() -> None:
    with pytest.raises(UnreadableDocument, match="no mail"):
        read(b"Just some words.\n\nAnd more.")


def test_a_mail_in_an_encoding_that_nobody_knows_is_refused_or_read() -> None:
    raw = b"Subject: x\nContent-Type: text/plain; charset=no-such\n\nWords \xff here.\n"
    try:
        assert read(raw).blocks
    except UnreadableDocument as refused:
        assert "encoding" in str(refused)
