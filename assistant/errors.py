"""What can go wrong while answering. Expected endings are outcomes, not exceptions (see ``types.Outcome``)."""


class AssistantError(Exception):
    """Base of every error of this package. ``str(error)`` is fit to be shown to the person asking."""


class InvalidQuestion(AssistantError):
    """Empty, or longer than the limit."""


class InvalidSettings(AssistantError):
    """A setting that cannot be used, named together with what to do."""


class NoFont(AssistantError):
    """A note has writing that no font here can set as a PDF."""


class NotTranslatable(AssistantError):
    """A quote that is empty or too long, or a language that the desk does not translate into."""


class ModelError(AssistantError):
    """The language model gave no usable answer. The reader gets quotes instead; the message is for the operator."""


class ModelUnavailable(ModelError):
    """Not reached, refused, or silent past a time limit, before anything usable came."""


class ModelSpent(ModelError):
    """Not called: whoever asks has had their share of it for today."""


class ModelStopped(ModelError):
    """Broke off, stalled or ran out of time in the middle."""


class TranslationRefused(ModelError):
    """A translation that did not pass its check against the quote; the reader keeps the original words."""
