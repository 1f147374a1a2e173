"""Who may see what. A document has one audience; a reader sees a set of them.

Every audience has partitions of its own in the vector store and the keyword index, so a question goes only to what
its reader may see and no filter has to be remembered.
"""

import re

from knowledge.errors import UnknownAudience

PUBLIC, PARTNER, STAFF = "public", "partner", "staff"
_DELEGATION = re.compile(r"partner:[a-z](?:[a-z0-9-]{0,39}[a-z0-9])?")
_STRICTNESS = {PUBLIC: 0, PARTNER: 1, STAFF: 3}


def parse_audience(label: str) -> str:
    """The label, checked. Raises UnknownAudience for anything but public, partner, partner:<delegation> or staff."""
    label = label.strip().lower()
    if label in _STRICTNESS or _DELEGATION.fullmatch(label):
        return label
    raise UnknownAudience(
        f"'{label[:60]}' is not an audience. Use public, partner, partner:<delegation> (for example "
        f"partner:nepal) or staff."
    )


def audiences_seen_by(label: str) -> frozenset[str]:
    """The audiences a reader with this label may see. Staff see what is shared and their own; a delegation sees what
    all partners see and its own, never another delegation's."""
    label = parse_audience(label)
    if label == PUBLIC:
        return frozenset({PUBLIC})
    return frozenset({PUBLIC, PARTNER, label})


def stricter(first: str, second: str) -> str:
    """The narrower of two audiences, for a document whose file and whose operator name different ones. What is meant
    for two delegations each alone is shown to neither."""
    if first != second and _DELEGATION.fullmatch(first) and _DELEGATION.fullmatch(second):
        return STAFF
    return max(first, second, key=lambda label: _STRICTNESS.get(label, 2))
