"""Markdown, with or without front matter. A brief's markers become attributions and leave the text: ``[^source]`` names
what a statement rests on, ``[^disagree:id]`` a disagreement of the front matter that it touches, and ``[^may-change]``
says that it held at its date and may not hold now."""

import re

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.audiences import parse_audience
from knowledge.errors import UnknownAudience, UnreadableDocument
from knowledge.normalisation import normalise, one_line, title_of
from knowledge.readers.brief import DISAGREE, MAY_CHANGE, Brief, parse_brief
from knowledge.readers.reading import Reading, TextBuilder, decode, row_text
from knowledge.types import Attribution, BlockKind, Span

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_MARKER = re.compile(r"\s*\[\^([A-Za-z0-9._:-]+)\]")
_OF_A_BRIEF = frozenset({"sources", "topic", "theme", "jurisdictions", "as_of"})
_PARSER = MarkdownIt("commonmark").enable("table")


def read(raw: bytes, name: str) -> Reading:
    source = decode(raw)
    front: dict[str, object] = {}
    match = _FRONT_MATTER.match(source)
    if match:
        front = _front_matter(match.group(1))
        source = source[match.end() :]
    # One misspelt key shall not make a brief pass for an ordinary file.
    brief = parse_brief(front) if len(_OF_A_BRIEF & front.keys()) > 1 else None
    builder, attributions, first_heading = _walk(_PARSER.parse(source), brief)
    if brief is not None:
        return Reading(
            title=title_of(brief.title),
            text=builder.text,
            blocks=tuple(builder.blocks),
            attributions=tuple(attributions),
            references=brief.references(),
            id=brief.id,
            audience=brief.audience,
            language=brief.language,
            as_of=brief.as_of,
            review_by=brief.review_by,
            subject=brief.subject(),
            disagreements=brief.disagreements_named(),
            remarks=builder.remarks(),
        )
    title = front.get("title")
    return Reading(
        title=(title_of(title) if isinstance(title, str) else "") or first_heading or name,
        text=builder.text,
        blocks=tuple(builder.blocks),
        audience=_audience(front),
        remarks=builder.remarks(),
    )


def _front_matter(text: str) -> dict[str, object]:
    try:
        front = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        raise UnreadableDocument(f"front matter is not valid YAML: {one_line(str(error))[:200]}") from error
    return front if isinstance(front, dict) else {}


def _audience(front: dict[str, object]) -> str | None:
    """What the file's owner wrote narrows who sees it; what cannot be understood must not widen it."""
    if "audience" not in front:
        return None
    try:
        return parse_audience(str(front["audience"]))
    except UnknownAudience as error:
        raise UnreadableDocument(f"front matter: audience: {error}") from error


def _walk(tokens: list[Token], brief: Brief | None) -> tuple[TextBuilder, list[Attribution], str | None]:
    builder = TextBuilder()
    attributions: list[Attribution] = []
    first_heading: str | None = None
    heading_level = 0
    lists = 0
    row: list[str] | None = None
    header: list[str] = []
    in_header = False

    def add(kind: BlockKind, text: str) -> None:
        plain, marks = _take_markers(text, brief)
        span = builder.block(kind, plain)
        if span is not None:
            attributions.extend(_attribute(builder.last_piece, plain, marks, span.start))

    for token in tokens:
        match token.type:
            case "heading_open":
                heading_level = int(token.tag[1])
            case "heading_close":
                heading_level = 0
            case "bullet_list_open" | "ordered_list_open":
                lists += 1
            case "bullet_list_close" | "ordered_list_close":
                lists -= 1
            case "thead_open":
                header, in_header = [], True
            case "thead_close":
                in_header = False
            case "tr_open":
                row = []
            case "tr_close":
                if row is not None and in_header:
                    header = row
                elif row is not None:
                    add("row", row_text(header, row))
                row = None
            case "fence" | "code_block":
                add("paragraph", token.content)
            case "inline":
                text = _inline_text(token)
                if row is not None:
                    row.append(text)
                elif heading_level:
                    heading, _ = _take_markers(text, brief)
                    first_heading = first_heading or title_of(heading)
                    builder.heading(heading_level, heading)
                else:
                    add("item" if lists else "paragraph", text)
    return builder, attributions, first_heading


def _inline_text(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return "".join(parts)


def _take_markers(text: str, brief: Brief | None) -> tuple[str, list[tuple[int, str]]]:
    """The text without footnote markers, and where each stood in it. Only a brief has markers with a meaning."""
    if brief is None:
        return text, []
    known = brief.markers()
    parts: list[str] = []
    marks: list[tuple[int, str]] = []
    length = position = 0
    for match in _MARKER.finditer(text):
        if match.group(1) not in known:
            raise UnreadableDocument(f"marker [^{match.group(1)}] names nothing in the front matter")
        parts.append(text[position : match.start()])
        length += match.start() - position
        position = match.end()
        marks.append((length, match.group(1)))
    parts.append(text[position:])
    return "".join(parts), marks


def _attribute(stored: str, plain: str, marks: list[tuple[int, str]], offset: int) -> list[Attribution]:
    """A statement runs from the marker before it (or the block's start) to its own; neighbours share one statement."""
    if stored != plain:
        # Normalising moved characters: find each mark again by how much of the stored text precedes it.
        marks = [(len(normalise(plain[:at])), reference) for at, reference in marks]
    result: list[Attribution] = []
    start = 0
    pending: list[str] = []
    for index, (at, reference) in enumerate(marks):
        pending.append(reference)
        if index + 1 < len(marks) and not stored[at : marks[index + 1][0]].strip():
            continue
        result.append(_attribution(Span(offset + start, offset + min(at, len(stored))), pending))
        start, pending = at, []
    return result


def _attribution(span: Span, markers: list[str]) -> Attribution:
    named = dict.fromkeys(markers)
    return Attribution(
        span,
        tuple(marker for marker in named if marker != MAY_CHANGE and not marker.startswith(DISAGREE)),
        tuple(marker.removeprefix(DISAGREE) for marker in named if marker.startswith(DISAGREE)),
        MAY_CHANGE in named,
    )
