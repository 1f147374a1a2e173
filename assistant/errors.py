"""What can go wrong while answering. Expected endings are outcomes, not exceptions (see ``types.Outcome``)."""


class AssistantError(Exception):
    """Base of every error of this package. ``str(error)`` is fit to be shown to the person asking."""


class InvalidQuestion(AssistantError):
    """Empty, or longer than the limit."""


class InvalidSettings(AssistantError):
    """A setting that cannot be used, named together with what to do."""


class ModelError(AssistantError):
    """The language model gave no usable answer. The reader gets quotes instead; the message is for the operator."""


class ModelUnavailable(ModelError):
    """Not reached, refused, or silent past a time limit, before anything usable came."""


class ModelStopped(ModelError):
    """Broke off, stalled or ran out of time in the middle."""
