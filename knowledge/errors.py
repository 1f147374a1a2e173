"""What can go wrong in the knowledge base. Each message names what was wrong and what to do."""


class KnowledgeError(Exception):
    """Base of every error of this package. ``str(error)`` is fit to be shown to an operator."""


class UnreadableDocument(KnowledgeError):
    """A file or line that cannot become a document. Ingest reports it as refused and goes on."""


class UnknownAudience(KnowledgeError):
    """An audience label that is none of ours."""


class DataDirectoryError(KnowledgeError):
    """The data directory cannot be created, read or written."""


class StoreEmpty(KnowledgeError):
    """There is no knowledge base in the data directory yet, or nothing in it."""


class StoreBusy(KnowledgeError):
    """Another process is writing to the same data directory."""


class IndexMismatch(KnowledgeError):
    """The index was built with another embedder, chunker or schema than this process uses."""


class IndexDamaged(KnowledgeError):
    """The vector index cannot be opened safely. It is derived, and can be rebuilt from the catalogue."""


class EmbedderUnavailable(KnowledgeError):
    """The embedder cannot be loaded or does not answer."""


class RelevanceUnavailable(KnowledgeError):
    """The cross-encoder's files are missing, cannot be loaded or do not score."""


class UnknownDocument(KnowledgeError):
    """No document or version of this name."""


class InvalidDecision(KnowledgeError):
    """A decision about a document that cannot hold."""


class UnusableBackup(KnowledgeError):
    """A file that is no backup of ours, or not a whole one."""


class BaseExists(KnowledgeError):
    """The data directory that a backup shall be restored into holds a knowledge base already."""
