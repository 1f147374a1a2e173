"""Where sentences begin and end, with offsets, in the scripts our readers and documents use.

A library was tried first: the kept-up one splits after "Ms." and "5." (as in "5. juna 2024"), and a citation that
starts in the middle of a sentence is what this product must not show.
"""

import re

from knowledge.months import month_of
from knowledge.types import Span

_ABBREVIATIONS = frozenset(
    (
        "mr mrs ms dr prof hon st no nos art arts para paras sec vs cf ca approx dept ministr inc ltd co corp jr "
        "sr vol pp ed eds fig tel gen gov rep sen amb adm col sgt rev al e.g i.e i.a a.i h.e u.s u.k u.n e.u p.m "
        "a.m ph.d viz resp incl excl est jan feb mar apr jun jul aug sep sept oct nov dec br čl st tj npr itd "
        "god gosp g-đa бр чл тј нпр итд год т.е т.н г-дин"
    ).split()
)
_END = re.compile(
    r"(?<![.!?…])(?P<mark>[.!?…]++|(?<![।॥؟۔])[।॥؟۔]++)(?P<closers>[\"'”’»)\]]*)(?=\s|$)|(?<![।॥؟۔])(?P<native>[।॥؟۔]++)(?P<nativeclosers>[\"'”’»)\]]*)"
)
# South Slavic writes an article's number as an ordinal, with a full stop: "prema članu 12. Zakona".
_ARTICLE = re.compile(r"\b(član|čl|stav|člen|члан|чл|став|член)\w{0,3}\.?\s$", re.IGNORECASE)
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORD_BEFORE = re.compile(r"[^\s(\[“„\"'«‘]+$")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_OPENERS = "\"'“„«‘(["


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of ``text[start:end]``, trimmed of white space, in order, as offsets into ``text``.

    Together they hold every character that is not white space. A blank line always ends a sentence, a single line
    break never does.
    """
    end = len(text) if end is None else end
    cuts = [match.end() for match in _END.finditer(text, start, end) if _is_boundary(text, match, start, end)]
    cuts += [match.start() for match in _BLANK_LINE.finditer(text, start, end)]
    spans: list[Span] = []
    begin = start
    for cut in [*sorted(set(cuts)), end]:
        span = trimmed(text, begin, cut)
        if span is not None:
            spans.append(span)
        begin = cut
    return spans


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without the white space at its ends, or None where nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def opens_with_month(text: str) -> bool:
    """Whether the text begins with the name of a month, as after the day in "5. juna 2024"."""
    word = _FIRST_WORD.match(text)
    return word is not None and month_of(word.group()) is not None


def _is_boundary(text: str, match: re.Match[str], start: int, end: int) -> bool:
    mark = match.group("mark") or match.group("native")
    following = text[match.end() : min(end, match.end() + 80)].lstrip()
    if not following:
        return True
    head = following.lstrip(_OPENERS)[:1]
    if head.islower():
        return False
    if mark != ".":
        return True
    before = _WORD_BEFORE.search(text, max(start, match.start() - 40), match.start())
    word = before.group().lower() if before else ""
    if word in _ABBREVIATIONS:
        return False
    if len(word) == 1 and word.isalpha() and word != "i" and not match.group("closers"):
        return False
    if word.isdigit() and len(word) <= 3 and before is not None:
        lead = text[max(start, before.start() - 40) : before.start()]
        opens_a_line = not lead.strip() and before.start() - start <= 40 or lead.rstrip(" ").endswith("\n")
        if opens_a_line or (len(word) <= 2 and opens_with_month(following)) or _ARTICLE.search(lead):
            return False
    return True
