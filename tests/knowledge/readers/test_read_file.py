from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import UnreadableDocument
from knowledge.readers import MAX_BYTES, SUFFIXES, read_file
from knowledge.readers.kinds import KINDS
from knowledge.readers.reading import Reading
from tests.knowledge.readers.readings import BRIEF, assert_sound, blocks_of
from tests.knowledge.wild_text import wild_text

TEXTS = sorted(suffix for suffix, kind in KINDS.items() if kind in ("markdown", "plain", "html"))


def read(folder: Path, name: str, raw: bytes) -> Reading:
    path = folder / name
    path.write_bytes(raw)
    raw_read, reading = read_file(path)
    assert raw_read == raw
    return reading


@pytest.mark.parametrize("name", ["a.md", "a.MARKDOWN", "a.txt", "a.text", "a.html", "a.HTM"])
def test_the_name_of_a_file_says_how_it_is_read(tmp_path: Path, name: str) -> None:
    html = name.lower().endswith((".html", ".htm"))
    assert blocks_of(read(tmp_path, name, b"<p>One sentence.</p>" if html else b"One sentence.")) == ["One sentence."]


@pytest.mark.parametrize("suffix", [*TEXTS, ".csv"])
@pytest.mark.parametrize(
    "raw", [b"", b" \n\t\n", b"\xef\xbb\xbf", "\u200b\u202e".encode()], ids=["no bytes", "blanks", "mark", "invisible"]
)
def test_a_file_without_text_is_refused(tmp_path: Path, suffix: str, raw: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="holds no text"):
        read(tmp_path, f"empty{suffix}", raw)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@pytest.mark.parametrize("raw", [b"", b" \n\t\n"], ids=["no bytes", "blanks"])
def test_an_empty_file_of_any_type_is_refused_for_what_it_is(tmp_path: Path, suffix: str, raw: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="holds no text"):
        read(tmp_path, f"empty{suffix}", raw)


@pytest.mark.parametrize("suffix", [*TEXTS, ".csv"])
def test_bytes_that_are_not_utf_8_are_refused_with_their_place_and_what_to_do(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(UnreadableDocument, match=r"not valid UTF-8 \(byte 8\); save it as UTF-8"):
        read(tmp_path, f"bad{suffix}", b"Za\xc5\xbeivi \xe9 Beograd")


@pytest.mark.parametrize("suffix", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path, suffix: str, encoding: str) -> None:
    assert blocks_of(read(tmp_path, f"marked{suffix}", "Живот у Нишу тече.".encode(encoding))) == ["Живот у Нишу тече."]


def test_a_brief_with_a_byte_order_mark_is_still_a_brief(tmp_path: Path) -> None:
    assert read(tmp_path, "brief.md", (BRIEF + "One. [^first]\n").encode("utf-8-sig")).id == "test-brief"


@pytest.mark.parametrize("name", ["a.doc", "a.odt", "README"])
def test_a_type_that_is_not_read_is_refused_with_those_that_are(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableDocument, match=r"\.html.*\.md.*\.pdf.*\.txt"):
        read(tmp_path, name, b"Text.")


def test_a_file_that_vanished_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="cannot be read: No such file"):
        read_file(tmp_path / "gone.txt")


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UnreadableDocument, match="larger than 100 MB"):
        read_file(path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<title>Re\u202eturn\u200b \U000e0041policy</title><p>Text."),
        ("a.html", "<h1>Re\u202eturn\u200b \U000e0041policy</h1><p>Text."),
        ("a.md", '---\ntitle: "Re\\u202eturn\\u200b \\U000e0041policy"\n---\nText.'),
        ("a.md", "# Re\u202eturn\u200b \U000e0041policy\n\nText."),
        ("a.txt", "Re\u202eturn\u200b \U000e0041policy"),
        ("a.md", BRIEF.replace("A brief on readmission", '"Re\\u202eturn\\u200b \\U000e0041policy"') + "Text."),
    ],
    ids=["html title", "html heading", "front matter", "markdown heading", "plain", "brief"],
)
def test_a_title_holds_nothing_invisible(tmp_path: Path, name: str, text: str) -> None:
    assert read(tmp_path, name, text.encode()).title == "Return policy"


_FRAGMENTS = [
    "---\n",
    "title: x\n",
    "topic: y\n",
    "sources: [",
    "]\n",
    "as_of: 2024-02-30\n",
    "[^first]",
    BRIEF,
    "# ",
    "- ",
    "| a | b |\n|---|---|\n| 1 | 2 |\n",
    "```\n",
    "> ",
    "\n\n",
    "*",
    "_",
    "<p>",
    "</p>",
    "<div hidden>",
    "</div>",
    "<table><tr><td>",
    "<th>",
    "</table>",
    "<li>",
    "<br>",
    "<h2>",
    "<script>",
    "<!--",
    "-->",
    "<title>",
    "<main>",
    "<svg>",
    "<template>",
    "<select>",
    "<p style='display:none'>",
    "&#0;",
    "&#xd800;",
    "&nbsp;",
    "<meta charset=windows-1250>",
    "<html lang='\u202e'>",
    "• ",
    "1. ",
    "Duration: ",
    "\x00",
    "\x0c",
    "\r\n",
]
wild_files = (
    st.binary(max_size=60)
    | wild_text.map(str.encode)
    | st.lists(st.sampled_from(_FRAGMENTS) | wild_text, max_size=12).map(lambda parts: "".join(parts).encode())
    | st.lists(st.sampled_from(_FRAGMENTS).map(str.encode) | st.binary(max_size=6), max_size=8).map(b"".join)
    | st.text(max_size=30).map(lambda text: text.encode("utf-16"))
)


@pytest.mark.parametrize("suffix", [".md", ".txt", ".html"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=wild_files)
def test_any_bytes_are_either_read_soundly_or_refused(tmp_path: Path, suffix: str, raw: bytes) -> None:
    try:
        reading = read(tmp_path, f"wild{suffix}", raw)
    except UnreadableDocument as refused:
        assert str(refused)
    else:
        assert reading.blocks
        assert_sound(reading)
