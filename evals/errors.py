"""What can go wrong in a measurement. Messages name the file and the line."""


class EvalError(Exception):
    """Base of every error of this package."""


class InvalidPack(EvalError):
    """A question pack or corpus that does not have the format of a pack."""


class InvalidCases(EvalError):
    """A case file that cannot be used. The message names file, line and key."""
