"""Text of documents and people: its words are seen, and nothing in it is carried out.

Slack's readers are not here, so markdown is read by a CommonMark parser with tables and strikethrough, and Slack's own
format by the rules that Slack documents for it.
"""

import re
import unicodedata
from html import unescape

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt

from integrations.slack.neutralising import (
    JOINER,
    clean,
    clean_lines,
    markdown,
    mrkdwn,
    mrkdwn_link,
    plain,
    web_address,
)
from tests.integrations.slack.wild import NASTY, UNTIMED, addresses, anything

_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_HARMLESS = {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}
_CONTROL = re.compile(r"<[!@#]|@(?:here|channel|everyone)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|www\.\w|[a-z]\.[a-z]{2}|@\w", re.IGNORECASE)
_EMOJI = re.compile(r":[\w+'-]+:")
_FORMAT = re.compile(r"(?<!\w)([*_~`])(?=\S)")
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e")


def _words(text: str) -> list[str]:
    """Letters and digits, which is what must survive."""
    return re.findall("[^\\W_\u02cb\u02cd]+", text.replace(JOINER, ""))


@UNTIMED
@given(anything)
@example(" ".join(NASTY))
def test_markdown_is_one_paragraph_of_words(text: str) -> None:
    tokens = _PARSER.parse(markdown(text))
    inner = [child for token in tokens for child in token.children or ()]

    assert {token.type for token in (*tokens, *inner)} <= _HARMLESS
    assert sum(token.type == "paragraph_open" for token in tokens) <= 1


@UNTIMED
@given(anything)
@example(" ".join(NASTY))
def test_markdown_shows_the_words(text: str) -> None:
    shown = "".join(child.content for token in _PARSER.parse(markdown(text)) for child in token.children or ())

    assert _words(shown) == _words(clean(text))


@UNTIMED
@given(anything)
@example(" ".join(NASTY))
def test_mrkdwn_shows_the_words_and_formats_none(text: str) -> None:
    written = mrkdwn(text)

    assert _words(unescape(written)) == _words(clean(text))
    assert not re.search("[<>]", written)
    assert not _FORMAT.search(written)
    assert not written.startswith("&gt;")


@pytest.mark.parametrize("write", [plain, mrkdwn, markdown])
@UNTIMED
@given(text=anything)
@example(text=" ".join(NASTY))
def test_nobody_is_called_and_nothing_is_linked(write: object, text: str) -> None:
    assert callable(write)
    for shown in (written := write(text), unescape(written), unescape(unescape(written))):
        assert not _CONTROL.search(shown)
        assert not _ADDRESS.search(shown)
        assert not _EMOJI.search(shown)


@pytest.mark.parametrize("write", [clean, clean_lines, plain, mrkdwn, markdown])
@UNTIMED
@given(text=anything)
def test_no_mark_turns_what_follows_and_none_hides(write: object, text: str) -> None:
    assert callable(write)
    written = write(text)

    assert not _TURNING & set(written)
    assert sum(c in "\u2066\u2067\u2068" for c in written) == written.count("\u2069")
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in written.replace("\n", ""))
    assert not re.search("[\U000e0000-\U000e0fff\ufeff]", written)
    assert write is clean_lines or "\n" not in written
    written.encode()


def test_what_people_write_every_day_stays_as_it_is() -> None:
    everyday = (
        "In 2024 (June), Kosovo* and “Serbia” signed: 45% – see Art. 5(2)(a), e.g. U.S. rules. Ана, نیپال: 3 > 2?"
    )

    assert clean(everyday) == plain(everyday) == everyday
    assert unescape(mrkdwn(everyday)) == unescape(markdown(everyday)) == everyday
    joined = "ક્\u200dષ नेपाल\u200c"
    assert clean(joined) == joined


def test_paragraphs_of_a_person_stay() -> None:
    assert clean_lines("One.\r\n\r\n\r\n\r\nTwo  words.\n") == "One.\n\nTwo words."


@UNTIMED
@given(addresses)
def test_only_web_addresses_are_followed_and_they_end_no_link(url: str | None) -> None:
    address = web_address(url)

    assert address is None or re.fullmatch(r"https?://[^\s<>|()\"@]+", address, re.IGNORECASE)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://iom.int/a?b=c&d=e#f", "https://iom.int/a?b=c&d=e#f"),
        ("http://example.org/ä|x>y", "http://example.org/%C3%A4%7Cx%3Ey"),
        ("https://en.wikipedia.org/wiki/A_(b)", "https://en.wikipedia.org/wiki/A_%28b%29"),
        ("javascript:alert(1)", None),
        ("https://user:pass@evil.example/", None),
        ("https://iom.int@evil.example/", None),
        ("https://x.example:99999999/", None),
        ("https://x.example\\@iom.int/", None),
        ("https://exa mple.org", None),
        ("https://x.example/" + "a" * 4000, None),
        ("ftp://x.example/", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_taken_or_left(url: str | None, address: str | None) -> None:
    assert web_address(url) == address


@UNTIMED
@given(anything, addresses)
def test_a_link_is_to_the_source_and_to_nothing_else(title: str, url: str | None) -> None:
    link = mrkdwn_link(title, url)
    address = web_address(url)

    if address is None:
        assert not re.search("[<>]", link)
    else:
        assert link.startswith(f"<{address.replace('&', '&amp;')}|")
        assert link.count("<") == link.count(">") == link.count("|") == 1
        assert link.endswith(">")
