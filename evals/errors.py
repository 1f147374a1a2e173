"""What can go wrong in a measurement. Messages name the file and the line."""


class EvalError(Exception):
    """Base of every error of this package."""


class InvalidPack(EvalError):
    """A question pack or corpus that does not have the format of a pack."""


class InvalidCases(EvalError):
    """A case file that cannot be used. The message names file, line and key."""


class InvalidRun(EvalError):
    """A directory that holds no run that can be read, gone on with or compared. The message names file and line."""


class Contaminated(EvalError):
    """A prompt file holds what the desk is to be asked."""


class InvalidChoice(EvalError):
    """Options that leave nothing to do or contradict each other."""
