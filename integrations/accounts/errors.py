"""What can go wrong with accounts. Each message names what was wrong and what to do; none holds a secret."""

from assistant.errors import AssistantError


class AccountsError(AssistantError):
    """Base of every error of this package. ``str(error)`` is fit to be shown to an operator."""


class UnusableEntry(AccountsError):
    """Something that was typed in cannot be used: a name, a short name, a number of days, a right."""


class AlreadyThere(AccountsError):
    """A delegation of this short name exists."""


class UnknownDelegation(AccountsError):
    """No delegation of this short name."""


class DelegationClosed(AccountsError):
    """The delegation is closed: nobody of it is let in."""


class UnknownAccount(AccountsError):
    """No account of this id, or it has been removed."""


class AccountDisabled(AccountsError):
    """The account is there and may not be used."""


class NotAnOperator(AccountsError):
    """Only an operator may do this, and who asked for it is none, or no longer."""


class AuditDamaged(AccountsError):
    """The end of the audit is gone, so nothing can be added to it, and nothing is done that it would not tell."""
