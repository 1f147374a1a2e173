"""Why a statement of a model is not shown."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a statement was dropped."""

    NO_LABEL = "no_label"
    UNKNOWN_LABEL = "unknown_label"
    ADDRESS = "address"
    FIGURE = "figure"
    DATE = "date"
    PLACE = "place"
    NAME = "name"
    NEGATION = "negation"
    COMPARISON = "comparison"
    UNSUPPORTED = "unsupported"
    QUOTE = "quote"
