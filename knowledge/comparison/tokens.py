"""A statement's words and marks, each with what it is: a figure, a date, a negation. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.dates import AMBIGUOUS_MONTHS
from knowledge.figures import amount, count_of, western_digits
from knowledge.months import month_of
from knowledge.polarity import denies
from knowledge.spelling import fold

Nature = Literal["word", "figure", "date", "negation", "mark"]

_MARKS = "\\s!-/:-@\\[-`{-~¡«»¿§\u2010-\u2027\u2030-\u205e\u20a0-\u20cf\u3001\u3002،؛؟۔।॥٪…"
_TOKEN = re.compile(
    r"(?P<date>(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-(?:0[1-9]|1[0-2])(?:-\d{2})?)(?!\d))"
    r"|(?P<number>(?:(?<!\S)[-−](?=\d))?(?:\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:[.,٬٫'’]\d+)*(?:(?:st|nd|rd|th)(?!\w))?)"
    r"|(?P<per_cent>per cent(?!\w))"
    rf"|(?P<word>[^{_MARKS}]+(?:['’-][^{_MARKS}]+)*)"
    r"|(?P<mark>\S)"
)
_NUMBER_FOLLOWS = re.compile(r"\.? ?\d")

_AMOUNTS = dict(
    pair.split(":")
    for pair in (
        "hundred:hundred thousand:thousand "
        "million:million milion:million miliona:million billion:billion lakh:lakh crore:crore percent:% %:% ٪:% "
        "‰:‰ €:euro euro:euro euros:euro eura:euro evra:euro $:dollar dollar:dollar dollars:dollar £:pound "
        "pounds:pound ₹:rupee rupees:rupee ৳:taka taka:taka dinar:dinar dinars:dinar dinara:dinar denar:denar "
        "denars:denar denari:denar lek:lek leke:lek marks:mark procent:% posto:% perqind:%"
    ).split()
)
_CURRENCIES = {"EUR": "euro", "USD": "dollar", "GBP": "pound", "INR": "rupee", "BDT": "taka", "MKD": "denar"}
_CURRENCIES |= {code: code for code in ("RSD", "ALL", "BAM", "KM", "CHF", "NPR", "PKR", "IQD", "TRY")}
_WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_BETWEEN_DAYS = frozenset(". , – - / of and & i и dhe to do до".split())
_EARLIEST, _LATEST = 1900, 2100


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark as it is written. ``values`` say what a figure or date amounts to, however it is written;
    ``spaced`` tells whether a blank follows."""

    text: str
    nature: Nature
    values: tuple[str, ...] = ()
    spaced: bool = True


def tokens_of(text: str) -> list[Token]:
    """The text's tokens in order; together they hold every character that is not white space."""
    western = western_digits(text)
    found = [_token(text, western, match) for match in _TOKEN.finditer(western)]
    _find_months(found)
    _find_days_and_years(found)
    return found


def _token(text: str, western: str, match: re.Match[str]) -> Token:
    written, plain = text[match.start() : match.end()], match.group()
    after = western[match.end() :]
    nature, values = _meaning(written, plain, match.lastgroup or "", after)
    return Token(written, nature, values, after[:1].isspace())


def _meaning(written: str, plain: str, group: str, after: str) -> tuple[Nature, tuple[str, ...]]:
    """What a token is and amounts to; ``plain`` is as written, but for its digits."""
    if group == "date":
        return "date", _date_values(plain)
    if group == "number":
        return "figure", (_amount(plain),)
    if group == "per_cent":
        return "figure", ("%",)
    folded = fold(written) if group == "word" else written
    value = _CURRENCIES.get(written) or _AMOUNTS.get(folded) or _count(written)
    if value:
        return "figure", (value,)
    if group == "mark":
        return "mark", ()
    if folded in _WEEKDAYS:
        return "date", (folded,)
    is_number_sign = folded == "no" and _NUMBER_FOLLOWS.match(after)
    return ("negation" if denies(written) and not is_number_sign else "word"), ()


def _count(word: str) -> str | None:
    number = count_of(word)
    return None if number is None else str(number)


def _amount(written: str) -> str:
    """A number without its grouping, its ordinal ending and leading zeros, with a point before decimals."""
    number = re.sub(r"(?:st|nd|rd|th)$", "", written).replace("−", "-")
    sign, digits = ("-", number[1:]) if number.startswith("-") else ("", number)
    return sign + amount(digits)


def _date_values(written: str) -> tuple[str, ...]:
    numbers = re.split("[./-]", written)
    if len(numbers[0]) == 4:
        numbers.reverse()
    *day, month, year = numbers
    return (*(str(int(number)) for number in day), f"month {int(month)}", year)


def _find_months(tokens: list[Token]) -> None:
    words = [place for place, token in enumerate(tokens) if token.nature not in ("mark", "date")]
    for order, place in enumerate(words):
        token = tokens[place]
        month = month_of(token.text) if token.nature == "word" else None
        if month is None:
            continue
        if token.text.lower() in AMBIGUOUS_MONTHS:
            beside = [tokens[words[near]] for near in (order - 1, order + 1) if 0 <= near < len(words)]
            is_english_name = token.text in ("May", "March") and place > 0 and tokens[place - 1].nature != "mark"
            if not is_english_name and not any(other.text[:1].isdecimal() for other in beside):
                continue
        tokens[place] = replace(token, nature="date", values=(f"month {month}",))


def _find_days_and_years(tokens: list[Token]) -> None:
    """Numbers that are the day of a month (5 June, June 5, 4 and 5 June) or a year (2024, 2023/24)."""
    for place in range(len(tokens) - 1, -1, -1):
        token = tokens[place]
        if token.nature == "figure" and _is_day(token) and _leads_to_month(tokens, place):
            tokens[place] = replace(token, nature="date")
    for place, token in enumerate(tokens):
        if token.nature != "figure" or not token.values[0].isdecimal():
            continue
        if (
            (_is_day(token) and place > 0 and _is_month(tokens[place - 1]))
            or (_is_year(token) and not _counts(tokens[place + 1 : place + 2]))
            or (len(token.text) == 2 and place > 1 and tokens[place - 1].text in "/–-" and _is_year(tokens[place - 2]))
        ):
            tokens[place] = replace(token, nature="date")


def _leads_to_month(tokens: Sequence[Token], place: int) -> bool:
    """Whether what follows is a month, or the day of one: in "4, 5 and 6 June", 4 is a day too."""
    place += 1
    while place < len(tokens) and tokens[place].text.lower() in _BETWEEN_DAYS:
        place += 1
    if place == len(tokens) or tokens[place].nature != "date":
        return False
    return _is_month(tokens[place]) or _is_day(tokens[place])


def _is_month(token: Token) -> bool:
    return token.nature == "date" and token.values[0].startswith("month")


def _is_day(token: Token) -> bool:
    return len(token.values) == 1 and token.values[0].isdecimal() and 1 <= int(token.values[0]) <= 31


def _is_year(token: Token) -> bool:
    return len(token.text) == 4 and token.text.isdecimal() and _EARLIEST <= int(token.text) < _LATEST


def _counts(following: Sequence[Token]) -> bool:
    return bool(following) and following[0].nature == "figure" and not following[0].text[:1].isdecimal()
