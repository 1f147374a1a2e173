"""What can go wrong on the Slack surface. ``str(error)`` is for the operator and holds no token and no question."""


class SlackDeskError(Exception):
    """Base of every error of this package."""


class NotInstalled(SlackDeskError):
    """There is no usable token for the workspace that a request came from."""


class Undeliverable(SlackDeskError):
    """Slack takes no message at this place: archived, locked, or the bot is not there."""


class StoppedByReader(SlackDeskError):
    """The reader pressed stop, or deleted the question, while it was being answered."""
