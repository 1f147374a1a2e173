"""From a model's streamed characters to statements: one a line, its labels in square brackets. Pure.

A line is complete at its line end, so nothing is shown that has not been read whole, and no rule for sentence ends can
trip over "Art. 5".
"""

import html
import re
from dataclasses import dataclass, field

from knowledge.normalisation import normalise, one_line
from knowledge.sentences import opens_with_month

_LABEL = re.compile(r"\s*\[\s*((?:\d{1,3}|none)(?:\s*[,;]\s*(?:\d{1,3}|none))*)\s*\]", re.IGNORECASE)
_LEAD = re.compile(r"(?:[-*•–]\s+|#{1,6}\s+|>\s+)+")
_NUMBERED = re.compile(r"\d{1,2}[.)]\s+")
_EMPHASIS = re.compile(r"(\*\*|__)(.+?)\1")
# Past this a line is no statement; it is cut so that a model that never ends its line cannot fill the memory.
_LONGEST_LINE = 4000


@dataclass(frozen=True, slots=True)
class Statement:
    """``labels`` as written, in order, without repeats. ``declines``: the model marked it as not in the passages."""

    text: str
    labels: tuple[int, ...]
    declines: bool = False


@dataclass(slots=True)
class LineParser:
    """Feed it chunks as they come; it gives statements as their lines end."""

    _held: str = field(default="")

    def feed(self, chunk: str) -> list[Statement]:
        statements = []
        for number, part in enumerate(chunk.split("\n")):
            if number:
                statements += self.close()
            self._held += part[: _LONGEST_LINE - len(self._held)]
        return statements

    def close(self) -> list[Statement]:
        """The last line, when the model ended of its own accord. After a break it is not complete: do not call this."""
        line, self._held = self._held, ""
        statement = parse_line(line)
        return [statement] if statement is not None else []


def parse_line(line: str) -> Statement | None:
    """The line as a statement, or None when it is blank. Labels may use any script's digits and stand anywhere."""
    # Passages are escaped for the prompt; what a model copies from them is read as it was written.
    line = normalise(html.unescape(line[:_LONGEST_LINE]))
    labels: dict[int, None] = {}
    declines = False
    for match in _LABEL.finditer(line):
        for part in re.split(r"[,;]", match.group(1)):
            if part.strip().lower() == "none":
                declines = True
            else:
                labels[int(part)] = None
    text = one_line(_EMPHASIS.sub(r"\2", _without_lead(_LABEL.sub("", line))))
    if not declines and not any(character.isalnum() for character in text):
        return None
    return Statement(text, tuple(labels), declines)


def _without_lead(line: str) -> str:
    """The line without its bullet or number. The day of a date ("5. juna 2024") is none."""
    line = _LEAD.sub("", line.strip(), count=1) if _LEAD.match(line.strip()) else line.strip()
    number = _NUMBERED.match(line)
    return line[number.end() :] if number and not opens_with_month(line[number.end() :]) else line
