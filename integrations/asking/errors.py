"""What can be wrong with a question besides its words."""

from assistant.errors import AssistantError


class UnknownConversation(AssistantError):
    """The conversation is somebody else's, was erased or never was: nobody can tell which."""
