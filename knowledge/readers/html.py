"""HTML: the main content as text, without navigation, scripts or anything hidden."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.errors import UnreadableDocument
from knowledge.normalisation import one_line, title_of
from knowledge.readers.hidden import COMMENT, LeftOut
from knowledge.readers.html_hidden import remove_hidden
from knowledge.readers.html_metadata import published_and_publisher
from knowledge.readers.reading import Reading, TextBuilder, decode, row_text
from knowledge.types import BlockKind

_DROPPED = "script,style,nav,header,footer,aside,form,noscript,template,svg,iframe,object,button,select"
_BLANKS = re.compile(r"\s+")
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
# What pages are really in, apart from UTF-8; Python also knows encodings that are no text.
_PAGE_CHARSETS = re.compile(rb"windows-125\d|iso-8859-\d{1,2}|koi8-[ru]|us-ascii", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BREAKS = frozenset(
    (
        "p div section article main ul ol dl table tbody thead tr td th caption blockquote pre figure figcaption "
        "address dd dt details summary body hr"
    ).split()
)


def read(raw: bytes, name: str) -> Reading:
    tree = LexborHTMLParser(_decode(raw))
    title_node = tree.css_first("title")
    page_title = title_of(title_node.text()) if title_node else ""
    published, publisher = published_and_publisher(tree)
    if tree.body is None:
        raise UnreadableDocument("holds no HTML body")
    for node in tree.css(_DROPPED):
        # A page's own heading often stands in <header> inside its <article>; only the page's frame goes.
        if node.tag == "header" and _inside(node, ("article", "main")):
            continue
        node.decompose()
    left_out = LeftOut()
    remove_hidden(tree, left_out)
    root = tree.css_first("main") or tree.css_first("article") or tree.body
    builder = _Walker(left_out).walk(root)
    html = tree.css_first("html")
    heading = tree.css_first("h1")
    return Reading(
        title=page_title or (title_of(heading.text()) if heading else "") or name,
        text=builder.text,
        blocks=tuple(builder.blocks),
        language=_language(html.attributes.get("lang") if html else None),
        published=published,
        publisher=publisher,
        remarks=builder.remarks(),
    )


def _language(declared: str | None) -> str | None:
    return declared if declared and _LANGUAGE.fullmatch(declared) else None


def _inside(node: LexborNode, tags: tuple[str, ...]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in tags:
            return True
        parent = parent.parent
    return False


def _decode(raw: bytes) -> str:
    try:
        return decode(raw)
    except UnreadableDocument:
        declared = _CHARSET.search(raw[:4096])
        if declared and _PAGE_CHARSETS.fullmatch(declared.group(1)):
            try:
                return raw.decode(declared.group(1).decode("ascii"))
            except (LookupError, UnicodeDecodeError):
                raise UnreadableDocument(f"not valid {declared.group(1).decode('ascii')}, which it declares") from None
        raise


class _Walker:
    """Goes through the tree in reading order without recursion, so that no nesting is too deep."""

    def __init__(self, left_out: LeftOut) -> None:
        self._builder = TextBuilder(left_out=left_out)
        self._buffer: list[str] = []
        self._kind: BlockKind = "paragraph"

    def walk(self, root: LexborNode) -> TextBuilder:
        stack: list[tuple[LexborNode, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            tag = node.tag or ""
            if leaving:
                self._leave(tag)
                continue
            if tag == "-text":
                self._buffer.append(_BLANKS.sub(" ", node.text(deep=False)))
                continue
            if tag == "-comment":
                self._builder.left_out.add(COMMENT, node.comment_content or "")
                continue
            if tag == "br":
                self._buffer.append("\n")
                continue
            if tag in _HEADINGS:
                self._flush()
                self._builder.heading(_HEADINGS[tag], node.text())
                continue
            if tag == "table" and node.css_first("table table") is None:
                self._flush()
                self._table(node)
                continue
            if tag == "li":
                self._flush()
                self._kind = "item"
            elif tag in _BREAKS:
                self._flush()
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(list(node.iter(include_text=True))))
        self._flush()
        return self._builder

    def _leave(self, tag: str) -> None:
        if tag in _BREAKS or tag == "li":
            self._flush()
        if tag in ("ul", "ol", "li"):
            self._kind = "paragraph"

    def _flush(self) -> None:
        text = "".join(self._buffer)
        self._buffer = []
        lines = [one_line(line) for line in text.split("\n")]
        if any(lines):
            self._builder.block(self._kind, "\n".join(line for line in lines if line))

    def _table(self, table: LexborNode) -> None:
        caption = table.css_first("caption")
        if caption is not None:
            self._builder.block("paragraph", one_line(caption.text()))
        header: list[str] = []
        for row in table.css("tr"):
            cells = [_cell_text(cell) for cell in row.css("th,td")]
            if not header and row.css_first("th") is not None and row.css_first("td") is None:
                header = cells
            elif any(cells):
                self._builder.block("row", row_text(header, cells))


def _cell_text(cell: LexborNode) -> str:
    """The cell on one line; a figure set in two pieces stays one, what stands on two lines stays two words."""
    parts: list[str] = []
    stack = [cell]
    while stack:
        node = stack.pop()
        if node.tag == "-text":
            parts.append(node.text(deep=False))
        elif node.tag == "br" or node.tag in _BREAKS:
            parts.append(" ")
        stack.extend(reversed(list(node.iter(include_text=True))))
    return one_line("".join(parts))
