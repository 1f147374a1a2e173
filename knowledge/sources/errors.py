"""What can go wrong with a page on the web. Each message is a reason a person can act on."""

from knowledge.errors import KnowledgeError


class RegistryError(KnowledgeError):
    """sources.toml is missing or holds something wrong. The message names the file, the entry and the key."""


class UnsafeAddress(KnowledgeError):
    """A URL, or an address that its host leads to, that is never asked for."""


class FetchFailed(KnowledgeError):
    """A page could not be fetched or read now. Its document stays as it was."""


class HostUnavailable(FetchFailed):
    """The host cannot be reached or wants to be left alone: its other pages need not be tried in the same run."""


class RefusedByRobots(KnowledgeError):
    """The host's robots.txt asks programs like this one not to fetch the page."""
