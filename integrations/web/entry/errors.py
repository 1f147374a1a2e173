"""What can go wrong when somebody signs in elsewhere. The messages are for the operator's log and hold no secret; what
the reader is told is in the message files, by the class."""


class SignInFailed(Exception):
    """Base of every error of this package."""


class ProviderUnavailable(SignInFailed):
    """The provider cannot be reached, or does not answer as one should."""


class NotConfirmed(SignInFailed):
    """What came back does not prove who it is: another browser's, used before, too old, forged, for somebody else."""


class NotStaff(SignInFailed):
    """The provider knows them, and they are none of those whom the desk lets in."""
