"""What the sources say where they differ, by date and source. Pure."""

from itertools import groupby

from assistant.types import Answer, SourcePosition
from integrations.slack.blocks import Block, context, divider, header, written_section
from integrations.slack.limits import SECTION, fitted, length
from integrations.slack.neutralising import mrkdwn
from integrations.slack.source_list import linked_title, particulars
from integrations.slack.texts import text

# Well below the size of a view, beside what else it shows.
_GROUPS, _ROWS = 4, 12
_LONGEST_ABOUT, _LONGEST_SAID = 200, 400


def position_sections(answer: Answer) -> list[Block]:
    """At most 19 blocks: a line for each thing on which the sources differ, and under it the rows as they come, newest
    first. Nothing where there are not two to compare."""
    groups = [list(rows) for _, rows in groupby(answer.positions, key=lambda position: position.about)]
    groups = [rows for rows in groups if len(rows) > 1]
    if not groups:
        return []
    language, shown = answer.language, 0
    blocks = [header(text("positions.title", language))]
    for rows in groups[:_GROUPS]:
        written = [_row(position, language) for position in rows[: _ROWS - shown]]
        fitting = [row for row in written if length(row) <= SECTION]
        shown += len(fitting)
        about = fitted(rows[0].about, _LONGEST_ABOUT, mrkdwn)
        heading = [_bold(about)] if about and fitting else []
        blocks += map(written_section, (*heading, *fitting))
    if left := sum(map(len, groups)) - shown:
        blocks.append(context(text("positions.more", language, count=left)))
    return [*blocks, divider()]


def _row(position: SourcePosition, language: str) -> str:
    """``date · publisher · title``, and on the next line what it says: in quotation marks where these are its words."""
    date = next(iter(particulars(None, position.published, language)), text("positions.undated", language))
    publisher = map(mrkdwn, particulars(position.publisher, None, language))
    source = linked_title(position.number, position.title, position.url, language)
    said = fitted(position.says, _LONGEST_SAID, mrkdwn)
    return " · ".join((_bold(mrkdwn(date)), *publisher, source)) + "\n" + (said if position.about else f"“{said}”")


def _bold(ready: str) -> str:
    """What is neutralised already, without the asterisk after a word (Kosovo*) that would end it."""
    return "*" + ready.replace("*", "\u2217") + "*"
