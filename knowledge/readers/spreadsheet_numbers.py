"""Numbers as a spreadsheet shows them: a format decides whether 45448 is a figure or the fifth of June 2024."""

import datetime
import re

# Formats with these numbers are built into Excel and stand in no file.
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00",
}  # fmt: skip
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
# Words in quotes, colours and conditions in brackets, escaped and padding characters are no part of the pattern.
_LITERAL = re.compile(r'"[^"]*"|\[(?!h+\]|m+\]|s+\])[^\]]*\]|\\.|_.|\*.')
_DATE = re.compile(r"[ymdhs]", re.IGNORECASE)
_DAY = re.compile(r"[yd]|^[^hs]*m[^hs]*$", re.IGNORECASE)
_EPOCH_1900 = datetime.datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's dates have no zone
_EPOCH_1904 = datetime.datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_DAY = 2_958_465  # 31 December 9999
HIDING = ";;;"


def pattern_of(number: int, given: dict[int, str]) -> str:
    """The pattern of a format: its first part, without what is not pattern. HIDING for a format that shows nothing."""
    if number in _BUILT_IN_DATES:
        return "h:mm" if number in (18, 19, 20, 21, 45, 46, 47) else "yyyy-mm-dd"
    code = given.get(number, _BUILT_IN.get(number, ""))
    cleaned = _LITERAL.sub("", code)
    return HIDING if cleaned.strip() == HIDING else cleaned.split(";")[0]


def shown(value: str, pattern: str, from_1904: bool = False) -> str:
    """A stored number under a pattern."""
    try:
        number = float(value)
    except ValueError:
        return value
    if _DATE.search(pattern) and "general" not in pattern.lower():
        return _date(number, pattern, from_1904) or value
    percent = "%" in pattern
    decimals = len(pattern.split(".", 1)[1].rstrip("% ").replace(",", "")) if "." in pattern else 0
    if "0" in pattern and abs(number) < 1e15 and "e" not in pattern.lower() and "/" not in pattern:
        comma = "," if "," in pattern else ""
        return f"{number * (100 if percent else 1):{comma}.{min(decimals, 10)}f}" + ("%" if percent else "")
    if number == int(number) and abs(number) < 1e15 if number - number == 0 else False:
        return str(int(number))
    return f"{number:.11g}"


def _date(number: float, pattern: str, from_1904: bool) -> str | None:
    if not 0 <= number <= _LAST_DAY:
        return None
    moment = (_EPOCH_1904 if from_1904 else _EPOCH_1900) + datetime.timedelta(seconds=round(number * 86400))
    has_day = _DAY.search(pattern) is not None
    has_time = re.search("[hs]", pattern, re.IGNORECASE) is not None
    if has_day and not has_time:
        return moment.date().isoformat()
    return moment.strftime("%Y-%m-%d %H:%M" if has_day else "%H:%M")
