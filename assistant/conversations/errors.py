"""What can go wrong with the desk's memory. Each message names what was wrong and what to do."""

from assistant.errors import AssistantError, InvalidSettings


class ConversationsError(AssistantError):
    """Base of every error of this package. ``str(error)`` is fit to be shown to an operator and holds no secret."""


class UnusableAddress(ConversationsError, InvalidSettings):
    """A database address that is none of the kinds the desk can use."""


class NothingKept(ConversationsError):
    """There is no database in the data directory yet."""


class DatabaseUnreachable(ConversationsError):
    """Nobody answers there, or the database does not let the desk in."""


class DatabaseUnusable(ConversationsError):
    """The database is there and the desk cannot work with it: damaged, read-only, missing rights, wrong encoding."""


class DatabaseBusy(ConversationsError):
    """Another process holds the database for too long."""


class DatabaseFull(ConversationsError):
    """No room is left on the disk of the database."""


class NewerDatabase(ConversationsError):
    """A newer version of the desk has written the database."""


class OnServer(ConversationsError):
    """The database is on a server, which has its own tools for what was asked for."""


class UnusableCopy(ConversationsError):
    """A file that is no copy of a database of the desk, or not a sound one."""


class AlreadyKept(ConversationsError):
    """There is a database already where a copy was to come back."""


class UnknownAnswer(ConversationsError):
    """No answer of this id, or it has been erased."""


class UnknownEscalation(ConversationsError):
    """No escalation of this id, or it has been erased."""
