"""A briefing note as a PDF that can be kept (PDF/A-2a) and read aloud (PDF/UA-1), its fonts inside it.

Typst sets it: text of every script is shaped, runs in its own direction and can be selected. The standards also refuse
a character that no font has, so that nobody meets an empty box.
"""

import json
import re
import unicodedata
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING, Any

from assistant.briefing.characters import is_right_to_left
from assistant.briefing.note import Kind, Note, Paragraph, Part, Section, note_of
from assistant.errors import NoFont
from assistant.language import language_of
from assistant.replies import message
from assistant.types import Answer

if TYPE_CHECKING:
    import typst

# Noto for most scripts of the world. Arabic, Urdu and Bengali have fonts of their own because a letter that a font puts
# together from parts, as Noto does theirs, cannot be searched for in the file.
_FONT_PACKAGES = ("manimgx_fonts", "fontpkg_amiri", "fontpkg_cairo", "fontpkg_hind_siliguri")
# The words of documents and of people, which may be in another language than the note's labels.
_NOT_OURS = frozenset({Kind.SENTENCE, Kind.SUBJECT, Kind.POSITION, Kind.SOURCE, Kind.QUOTE})
_LONGEST_WORD = 40
_LONG_WORD = re.compile(rf"[^\s/–—-]{{{_LONGEST_WORD + 1},}}")
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_SCRIPTS = {"CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}
_OF_A_SCRIPT = re.compile(r"(.+?) (?:CAPITAL |SMALL |IDEOGRAPHIC |FINAL )*(?:LETTER|SYLLABLE|SIGN|VOWEL|DIGIT|MARK)\b")
_MOST_NAMED = 3


def briefing_pdf(question: str, answer: Answer, *, as_of: date, made: datetime) -> bytes:
    """The note as the bytes of a file, the same for the same arguments. ``as_of`` is the day on which the sources were
    asked, ``made`` an aware time. It fetches nothing when it is made or opened, and links to http(s) only. Blocking,
    for some tens of milliseconds. Raises NoFont for writing that neither our fonts nor the system's can set."""
    import typst

    made = made.replace(microsecond=0)  # a file's dates are in whole seconds
    data = json.dumps(_data(note_of(question, answer, as_of=as_of, made=made)))
    try:
        return _typeset(data, made, _fonts(with_system=False))
    except typst.TypstError as error:
        if not _missing(error):
            raise
    try:
        return _typeset(data, made, _fonts(with_system=True))
    except typst.TypstError as error:
        if not (missing := _missing(error)):
            raise
        raise NoFont(message("briefing.no_font", answer.language, script=_named(missing))) from error


def _typeset(data: str, made: datetime, fonts: "typst.Fonts") -> bytes:
    import typst

    file = typst.compile(
        resources.files("assistant.briefing").joinpath("note.typ").read_bytes(),
        font_paths=fonts,
        sys_inputs={"note": data},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=made.astimezone(UTC),
    )
    # Told that a file reads from the right, widespread viewers turn the words of its Latin quotes round when they are
    # searched for or copied. It only says on which side a book of such pages is bound.
    return file.replace(b"/Direction/R2L", b"/Direction/L2R")


@lru_cache(maxsize=2)
def _fonts(*, with_system: bool) -> "typst.Fonts":
    import typst

    return typst.Fonts(
        include_system_fonts=with_system, font_paths=[str(resources.files(package)) for package in _FONT_PACKAGES]
    )


def _data(note: Note) -> dict[str, Any]:
    """The note as the template reads it."""
    language = _tag(note.language)
    return {
        "title": note.title,
        "language": language,
        "rtl": is_right_to_left(note.title),
        "as_of": note.as_of,
        "sources": [p.numbers[0] for section in note.sections for p in section.paragraphs if p.kind is Kind.SOURCE],
        "sections": [
            {"part": section.part, "heading": section.heading, "groups": _groups(section, language)}
            for section in note.sections
        ],
    }


def _groups(section: Section, language: str) -> list[dict[str, Any]]:
    """Neighbours of one kind and direction, which make one list where they are items of one."""
    groups: list[dict[str, Any]] = []
    at = 1
    for (kind, turned), members in groupby(section.paragraphs, key=lambda p: (p.kind, p.is_right_to_left)):
        items = [_item(paragraph, section.part, language) for paragraph in members]
        groups.append({"kind": kind, "rtl": turned, "first": at, "items": items})
        at += len(items)
    return groups


def _item(paragraph: Paragraph, part: Part, language: str) -> dict[str, Any]:
    is_ours = paragraph.kind not in _NOT_OURS and part is not Part.QUESTION
    return {
        "lines": [_breakable(line) for line in _meaningful(paragraph.text).splitlines() or [""]],
        "numbers": paragraph.numbers,
        "address": paragraph.address,
        "rtl": paragraph.is_right_to_left,
        "language": language if is_ours else _tag(language_of(paragraph.text, fallback=language)),
    }


def _tag(language: str) -> str:
    """The language without its script: as much as a PDF made here can name. English where it is no code."""
    code = language.split("-")[0]
    return code if re.fullmatch("[a-z]{2,3}", code) else "en"


def _meaningful(text: str) -> str:
    """Without marks of byte order, and without characters of private use: they mean something in the font of their own
    document only."""
    marked = text.replace("\ufeff", "")
    return "".join("\ufffd" if unicodedata.category(character) == "Co" else character for character in marked)


def _breakable(line: str) -> str:
    """With places to break a line in a word that is longer than any."""
    return _LONG_WORD.sub(lambda match: "\u200b".join(_pieces(match.group())), line)


def _pieces(word: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for place, character in enumerate(word):
        # Marks and joiners stay with the letter before them.
        if place - start >= _LONGEST_WORD and unicodedata.category(character)[0] not in "MC":
            pieces.append(word[start:place])
            start = place
    return [*pieces, word[start:]]


def _missing(error: "typst.TypstError") -> str:
    """The characters that no font had; none where something else was wrong."""
    shown = "".join(_NO_GLYPH.findall(error.diagnostic))
    return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), shown)


def _named(characters: str) -> str:
    """The scripts of the characters in English, with one character of each."""
    scripts: dict[str, str] = {}
    for character in characters:
        scripts.setdefault(_script(character), character)
    named = [f"{script} ({character})" for script, character in scripts.items()]
    return ", ".join(named[:_MOST_NAMED]) + (", …" if len(named) > _MOST_NAMED else "")


def _script(character: str) -> str:
    name = unicodedata.name(character, "")
    for start, script in _SCRIPTS.items():
        if name.startswith(start):
            return script
    if (match := _OF_A_SCRIPT.match(name)) is not None:
        return match.group(1).title()
    return f"U+{ord(character):04X}"
