import pytest

from knowledge.errors import UnreadableDocument
from knowledge.readers import html
from knowledge.readers.reading import Reading
from tests.knowledge.patience import patience
from tests.knowledge.readers.readings import blocks_of, headings_of


def read(page: str | bytes) -> Reading:
    return html.read(page.encode() if isinstance(page, str) else page, "file-name")


PAGE = """\
<!doctype html><html lang="sr"><head><title> The Group
 Meets &amp; Agrees </title><style>p { color: red }</style></head>
<body>
<header>Site header</header><nav><a href="/">Home</a></nav>
<main>
  <article>
    <header><h1>The Group Meets</h1></header>
    <p>First   line<br>second line of <b>the</b> text&nbsp;here.</p>
    <h2>Who came</h2>
    <ul><li>Nepal</li><li><p>Pakistan</p><ol><li>Lahore</li></ol></li></ul>
    <p>After the list.</p>
    <script>alert("scripted")</script>
  </article>
</main>
<aside>Related</aside><footer>Imprint</footer>
</body></html>
"""


def test_a_page_becomes_its_main_text_with_headings() -> None:
    reading = read(PAGE)
    assert reading.title == "The Group Meets & Agrees"
    assert reading.language == "sr"
    assert blocks_of(reading) == [
        "First line\nsecond line of the text here.",
        "Nepal",
        "Pakistan",
        "Lahore",
        "After the list.",
    ]
    assert [block.kind for block in reading.blocks] == ["paragraph", "item", "item", "item", "paragraph"]
    assert headings_of(reading) == [("The Group Meets",)] + [("The Group Meets", "Who came")] * 4


@pytest.mark.parametrize("words", ["Site header", "Home", "scripted", "color", "Related", "Imprint"])
def test_the_frame_of_a_page_and_what_is_not_text_are_dropped(words: str) -> None:
    assert words not in read(PAGE).text


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>X9</script>",
        "<style>X9</style>",
        "<nav>X9</nav>",
        "<noscript>X9</noscript>",
        "<template>X9</template>",
        "<p hidden>X9</p>",
        "<p aria-hidden=true>X9</p>",
        "<div style='display:none'><div style='display:none'><p style='display: none'>X9</p></div></div>",
        "<nav><form><nav hidden>X9</nav></form></nav>",
        "<span style='VISIBILITY : hidden'>X9</span>",
        "<span style='font-size:0'>X9</span>",
        "<span style='font-size: 1px;'>X9</span>",
        "<span style='opacity:0'>X9</span>",
        "<span style='position:absolute; left:-9999px'>X9</span>",
        "<span style='color:#fff'>X9</span>",
        "<span style='COLOR: rgb(253, 254, 255)'>X9</span>",
        "<span style='color:rgba(0,0,0,0)'>X9</span>",
        "<span style='color:transparent'>X9</span>",
        "<font color=white>X9</font>",
        "<!-- X9 -->",
        "<button>X9</button>",
        "<svg><text>X9</text></svg>",
    ],
)
def test_what_a_reader_of_the_page_cannot_see_is_dropped(hidden: str) -> None:
    assert blocks_of(read(f"<p>Before.</p>{hidden}<p>After.</p>")) == ["Before.", "After."]


@pytest.mark.parametrize(
    "style",
    [
        "font-size:0.9em; display:block",
        "font-size:0.8rem",
        "font-size:12px",
        "font-size:1.2em",
        "opacity:0.8",
        "opacity: 1",
        "left:-5px",
        "color:#fff; background:#003",
        "color:#333",
        "color:rgb(200,0,0)",
        "background-color:#fff",
        "border-color:white",
    ],
)
def test_text_in_a_visible_style_is_kept(style: str) -> None:
    reading = read(f"<p style='{style}'>Kept.</p>")
    assert blocks_of(reading) == ["Kept."]
    assert reading.remarks == ()


def test_white_text_on_a_dark_element_is_kept() -> None:
    assert blocks_of(read("<div style='background:#003'><p><span style='color:white'>Kept.</span></div>")) == ["Kept."]


def test_what_was_hidden_is_counted() -> None:
    reading = read("<p>Seen.</p><p hidden>X9 a</p><p style='display:none'>X9</p><!-- X9 X9 --><p>Re\u202eturn")
    assert reading.remarks == (
        "left out 5 characters of text hidden by its formatting",
        "left out 4 characters of comments",
        "left out 1 characters that turn the direction of text",
    )


@pytest.mark.parametrize(
    ("head", "published", "publisher"),
    [
        ("<meta property='article:published_time' content='2024-06-05T10:00:00Z'>", "2024-06-05", None),
        ("<meta name='DC.date' content='2024-06'><meta name='DC.publisher' content=' IOM\n '>", "2024-06", "IOM"),
        ("<meta name='citation_publication_date' content='2024/06/05'>", "2024-06-05", None),
        ("<meta property='og:site_name' content='ICMPD'>", None, "ICMPD"),
        (
            '<script type="application/ld+json">{"@graph": [{"datePublished": "2023-01-02"}]}</script>',
            "2023-01-02",
            None,
        ),
        ("<meta name='dc.date' content='5 June 2024'>", None, None),
        ("<meta name='dc.date' content='2024-13-40'>", None, None),
        ('<script type="application/ld+json">[[[[</script>', None, None),
        (f"<meta name='publisher' content='{'x' * 500}'>", None, None),
    ],
)
def test_a_page_says_who_published_it_and_when(head: str, published: str | None, publisher: str | None) -> None:
    reading = read(f"<head>{head}</head><p>Text.")
    assert (reading.published, reading.publisher) == (published, publisher)


def test_a_table_row_can_be_read_alone() -> None:
    reading = read(
        "<table><thead><tr><th>Country</th><th>Year</th></tr></thead>"
        "<tbody><tr><td>Nepal</td><td> 2023<br>and <b>2024</b> </td></tr><tr><td></td><td></td></tr></tbody></table>"
    )
    assert blocks_of(reading) == ["Country: Nepal; Year: 2023 and 2024"]
    assert reading.blocks[0].kind == "row"


def test_a_figure_set_in_two_pieces_in_a_table_stays_one_figure() -> None:
    assert blocks_of(read("<table><tr><td>In <b>20</b>23</td></tr></table>")) == ["In 2023"]


def test_a_table_keeps_its_caption() -> None:
    text = read(
        "<table><caption>Table 3. Readmissions in 2023</caption><tr><td>Nepal</td><td>12</td></tr></table>"
    ).text
    assert "Table 3. Readmissions in 2023" in text


def test_cells_of_a_table_used_for_layout_do_not_run_together() -> None:
    inner = "<table><tr><td>Inner.</td></tr></table>"
    page = f"<table><tr><td>Left text.</td><td>Right text.</td></tr><tr><td>{inner}</td></tr></table>"
    assert read(page).text.split() == ["Left", "text.", "Right", "text.", "Inner."]


def test_a_page_without_a_title_takes_its_heading_or_its_name() -> None:
    assert read("<h1>The <i>Group</i> Meets</h1><p>Text.</p>").title == "The Group Meets"
    assert read("<p>Text.</p>").title == "file-name"


def test_a_heading_written_over_several_lines_is_one_line() -> None:
    reading = read("<h2>\n  The\n\n  <i>Group</i>\n</h2><p>Text.</p>")
    assert headings_of(reading) == [("The Group",)]
    assert reading.text == "The Group\n\nText."


def test_text_that_stands_in_no_element_is_kept() -> None:
    assert blocks_of(read("Loose text<p>A paragraph</p>and more")) == ["Loose text", "A paragraph", "and more"]


@pytest.mark.parametrize(
    "page",
    [
        "<span>" * 50_000 + "deep" + "</span>" * 50_000,
        "<div>" * 10_000 + "deep",
        "<ul><li>" * 10_000 + "deep",
        "<div style='display:none'>" * 5_000 + "hidden" + "</div>" * 5_000 + "<p>deep",
        "<h1>" + "<b>" * 50_000 + "deep</h1><p>text",
        "<table><tr><td>" * 5_000 + "deep",
        "<article>" + "<header>" * 2_000 + "deep",
    ],
    ids=["spans", "divisions", "lists", "hidden", "heading", "tables", "headers"],
)
def test_a_page_nested_fifty_thousand_deep_is_read(page: str) -> None:
    with patience():
        assert "deep" in read(page).text


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("windows-1250", "cp1250"), ("ISO-8859-2", "iso8859-2"), ("windows-1251", "cp1251"), ("utf-8", "utf-8")],
)
def test_a_page_in_the_charset_it_declares_is_read(charset: str, encoding: str) -> None:
    words = "Скопје и Београд" if encoding == "cp1251" else "Đorđe Šašić, Čačak i Niš"
    page = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"></head><body><p>{words}'
    assert blocks_of(read(page.encode(encoding))) == [words]


def test_a_page_in_utf_16_with_its_mark_is_read() -> None:
    assert blocks_of(read("<p>Niš</p>".encode("utf-16"))) == ["Niš"]


@pytest.mark.parametrize(
    "charset", ["utf-8", "no-such", "undefined", "idna", "base64", "unicode_escape", "utf-16", "utf-7"]
)
def test_a_page_that_breaks_its_declared_charset_is_refused(charset: str) -> None:
    with pytest.raises(UnreadableDocument):
        read(f"<meta charset={charset}><p>".encode() + b"\xff\xfe \\d \\ud800 .")


def test_bytes_that_are_no_text_and_declare_nothing_are_refused_with_the_place() -> None:
    with pytest.raises(UnreadableDocument, match="byte 3"):
        read(b"<p>\xff")


def test_a_page_of_nothing_is_read_as_nothing() -> None:
    assert read("").blocks == ()
    assert read("<html><head><title>T</title></head></html>").blocks == ()
