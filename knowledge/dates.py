"""Dates in a text, in figures or words, in any of our languages and scripts, each with the parts it names. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.figures import western_digits
from knowledge.months import month_of, month_of_two
from knowledge.spelling import fold

NUMERIC_DATE = re.compile(
    r"(?<![\d.])(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)|(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)"
)
_DAY_AND_MONTH = re.compile(r"(?<![\d.,])(\d{1,2})\.\s?(0?[1-9]|1[0-2])\.(?!\d)")
# Words that are also something else than a month; they count beside a figure alone.
AMBIGUOUS_MONTHS = frozenset(
    "may march mart marta martu mars marsi maj maja maju maji মে মের মেতে मे मेमा मेको जुन जुनमा जुनको जुनले जुनका जुनकी "
    "آب وآب بآب لآب ومارس فمارس بمارس لمارس".split()
)
# Beside one of these it is a month, and what stands between it and its year.
_SAID_TO_BE_ONE = frozenset("মাস মাসে মাসের महिना महिनामा महिनाको ماہ مہینے شهر".split())
_OF_A_YEAR = frozenset(
    ". , i u e të viti vitit godine godini g во на година সাল সালের সালে সনের साल सालको सन् को سال عام سنة من ء".split()
)
_JOINING = frozenset("and to i и dhe ও এবং र اور و – - /".split())
# What may stand between two days of one month, or two dates of one year.
_BETWEEN = frozenset(
    ", . – - — / of and & the i и dhe to do до deri më me od од until till through from nga between og ও আর এবং থেকে "
    "পর্যন্ত হতে র र देखि सम्म तथा اور سے تک و إلى الی من يومي".split()
)
_LETTER = r"(?:[^\W\d_]|[\u0900-\u0963\u0970-\u09e3])"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|{_LETTER}(?:{_LETTER}|['’])*|[^\w\s]")
_EARLIEST, _LATEST = 1900, 2100
_ORDINAL = frozenset("st nd rd th të ti ri та и ог të-n ই লা রা ঠা শে".split())
# Arabic often gives a month both its names: حزيران/يونيو.
_NAME = r"[\u0621-\u064a]{2,12}"
_TWO_NAMES = re.compile(rf"(?:({_NAME})\s)?({_NAME})\s?/\s?(?=({_NAME})(?:\s({_NAME}))?)")


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is named: year alone, month and year, day and month, or all."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    start: int
    end: int
    month: int | None = None

    @property
    def number(self) -> int | None:
        return int(self.text) if self.text.isdecimal() and len(self.text) <= 4 else None


def dates(text: str) -> tuple[tuple[Day, ...], str]:
    """The dates of a text in their order, and the text with blanks in their place: what is left holds its figures."""
    western = western_digits(text)
    found: list[tuple[int, Day]] = []
    masked = list(text)

    def take(start: int, end: int, day: Day) -> None:
        found.append((start, day))
        masked[start:end] = " " * (end - start)

    for pattern, made in ((NUMERIC_DATE, _numeric), (_DAY_AND_MONTH, _day_and_month)):
        before = len(found)
        for match in pattern.finditer(western):
            if (day := made(match)) is not None:
                take(match.start(), match.end(), day)
        if len(found) > before:
            western = "".join(" " if new == " " else old for old, new in zip(western, masked, strict=True))
    pieces = _pieces(_TWO_NAMES.sub(_once, western))
    used: set[int] = set()
    in_words = _months(pieces, used)
    for place, day in in_words:
        found.append((pieces[place].start, day))
    for place, piece in enumerate(pieces):
        number = piece.number
        if place not in used and number is not None and len(piece.text) == 4 and _EARLIEST <= number < _LATEST:
            used.add(place)
            found.append((piece.start, Day(number)))
            short = pieces[place + 2] if place + 2 < len(pieces) else None
            if short and pieces[place + 1].text in "/–-" and len(short.text) == 2 and short.text.isdecimal():
                used.add(place + 2)
                found.append((short.start, Day(number // 100 * 100 + int(short.text))))
    for place in used:
        if pieces[place].text[0].isdecimal():
            masked[pieces[place].start : pieces[place].end] = " " * (pieces[place].end - pieces[place].start)
    return tuple(day for _, day in sorted(found, key=lambda item: item[0])), "".join(masked)


def _numeric(match: re.Match[str]) -> Day | None:
    day, month, year, iso_year, iso_month, iso_day = match.groups()
    made = Day(int(year or iso_year), int(month or iso_month), int(day or iso_day) if day or iso_day else None)
    return made if 1 <= (made.month or 0) <= 12 and (made.day is None or 1 <= made.day <= 31) else None


def _day_and_month(match: re.Match[str]) -> Day | None:
    day = int(match.group(1))
    return Day(None, int(match.group(2)), day) if 1 <= day <= 31 else None


def _once(match: re.Match[str]) -> str:
    """Blanks for the first of two names of one month."""
    before, word, then, after = match.groups()
    following = month_of(then) or (month_of_two(then, after) if after else None)
    if following is None:
        return match.group()
    if before and month_of_two(before, word) == following:
        return " " * len(match.group())
    start = match.start(2) - match.start()
    return match.group()[:start] + " " * (len(match.group()) - start) if month_of(word) == following else match.group()


def _pieces(western: str) -> list[_Piece]:
    pieces = [_Piece(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(western)]
    return [
        replace(piece, month=month) if (month := _month_at(pieces, place)) else piece
        for place, piece in enumerate(pieces)
    ]


def _month_at(pieces: Sequence[_Piece], place: int) -> int | None:
    word = pieces[place].text
    if not word[0].isalpha():
        return None
    month = month_of(word)
    if month is None:
        following = pieces[place + 1].text if place + 1 < len(pieces) else ""
        return month_of_two(word, following) if word[0] > "\u05ff" else None
    if not AMBIGUOUS_MONTHS & {word, fold(word)}:
        return month
    before = next((other for other in reversed(pieces[max(0, place - 4) : place]) if _tells(other)), None)
    after = next((other for other in pieces[place + 1 : place + 5] if _tells(other)), None)
    beside = [other.text for other in (before, after) if other is not None]
    is_one = any(text[0].isdecimal() or text in _SAID_TO_BE_ONE for text in beside)
    return month if is_one or _is_joined_to_one(pieces, place) else None


def _is_joined_to_one(pieces: Sequence[_Piece], place: int) -> bool:
    """Whether the next word but one is a month beyond doubt: May and June."""
    pairs = [(at, at + step) for step in (-1, 1) if 0 <= (at := place + step) + step < len(pieces)]
    words = [pieces[other].text for at, other in pairs if pieces[at].text.lower() in _JOINING]
    return any(month_of(word) and not AMBIGUOUS_MONTHS & {word, fold(word)} for word in words)


def _tells(piece: _Piece) -> bool:
    return piece.text.lower() not in _OF_A_YEAR


def _months(pieces: Sequence[_Piece], used: set[int]) -> list[tuple[int, Day]]:
    """The dates whose month is a word. A year is said once for several: "from 1 January to 20 December 2023"."""
    spots = [place for place, piece in enumerate(pieces) if piece.month]
    made: list[tuple[int, list[int], int | None]] = []
    for place in spots:
        days = _days_before(pieces, place) or _day_after(pieces, place)
        used.update(days)
        year_place = _year_near(pieces, place, used)
        if year_place is not None:
            used.add(year_place)
        used.add(place)
        made.append((place, days, year_place))
    years = [pieces[year].number if year is not None else None for _, _, year in made]
    for order in range(len(made) - 2, -1, -1):
        if years[order] is None and _is_linked(pieces, made[order][0], made[order + 1][0]):
            years[order] = years[order + 1]
    for order in range(1, len(made)):
        if years[order] is None and _is_linked(pieces, made[order - 1][0], made[order][0]):
            years[order] = years[order - 1]
    found: list[tuple[int, Day]] = []
    for (place, days, _), year in zip(made, years, strict=True):
        month = pieces[place].month
        found += [(place, Day(year, month, pieces[day].number)) for day in days] or [(place, Day(year, month))]
    return found


def _days_before(pieces: Sequence[_Piece], place: int) -> list[int]:
    days: list[int] = []
    at = place - 1
    gap = 0
    while at >= 0 and gap <= 3:
        piece = pieces[at]
        number = piece.number
        if number is not None and 1 <= number <= 31 and len(piece.text) <= 2:
            days.append(at)
            gap = 0
        elif piece.text.lower() in _BETWEEN or (piece.text.lower() in _ORDINAL and at and pieces[at - 1].number):
            gap += 1
        else:
            break
        at -= 1
    return days[::-1]


def _day_after(pieces: Sequence[_Piece], place: int) -> list[int]:
    following = pieces[place + 1] if place + 1 < len(pieces) else None
    number = following.number if following else None
    if following is None or number is None or len(following.text) > 2 or not 1 <= number <= 31:
        return []
    return [place + 1]


def _year_near(pieces: Sequence[_Piece], place: int, used: set[int]) -> int | None:
    for at in (*range(place + 1, place + 4), *range(place - 1, place - 6, -1)):
        if not 0 <= at < len(pieces):
            continue
        number = pieces[at].number
        if number is not None and len(pieces[at].text) == 4 and _EARLIEST <= number < _LATEST:
            between = pieces[min(at, place) + 1 : max(at, place)]
            is_near = len(between) <= 2 or not any(map(_tells, between))
            if is_near and not any(piece.month for piece in between) and at not in used:
                return int(at)
    return None


def _is_linked(pieces: Sequence[_Piece], first: int, second: int) -> bool:
    between = pieces[first + 1 : second]
    return len(between) <= 6 and all(
        piece.text.lower() in _BETWEEN or piece.text[0].isdecimal() or not piece.text[0].isalnum() for piece in between
    )
