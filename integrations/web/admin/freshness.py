"""How documents stand: in force or not, and whether one is to be looked at again. Pure."""

from dataclasses import dataclass
from datetime import date

from knowledge.topics import is_review_due
from knowledge.versions import VersionInfo

# As old as a source is when answers say its date.
_OLD_MONTHS = 24
STATES = (
    ("", "All"),
    ("due", "Review due"),
    ("old", "Old"),
    ("superseded", "Superseded"),
    ("withdrawn", "Withdrawn"),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in the list. ``review_by`` is known of what is in force."""

    info: VersionInfo
    review_by: str | None
    today: date

    @property
    def state(self) -> str:
        return state_of(self.info)

    @property
    def marks(self) -> list[str]:
        """What is to be looked at, by the names of STATES."""
        found = []
        if self.info.withdrawn_at is not None:
            found.append("withdrawn")
        elif self.info.superseded_by is not None:
            found.append("superseded")
        else:
            if is_review_due(self.review_by, self.today):
                found.append("due")
            if is_old(self.info.published, self.today):
                found.append("old")
        return found


def state_of(info: VersionInfo) -> str:
    if info.withdrawn_at is not None:
        return f"withdrawn {info.withdrawn_at[:10]}"
    if info.superseded_by is not None:
        return f"superseded by {info.superseded_by}"
    if info.in_force:
        return "in force"
    return "not in force any more" if info.ends is not None else "not yet in force"


def is_old(published: str | None, today: date) -> bool:
    if published is None or not published[:4].isdecimal():
        return False
    month = int(published[5:7]) if published[5:7].isdecimal() else 12
    return (today.year - int(published[:4])) * 12 + today.month - month > _OLD_MONTHS
