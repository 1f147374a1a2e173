"""Whether a question asks for how things stand now, in any of our languages. Pure."""

from assistant.word_patterns import holding, read, word_lists


def asks_for_latest(question: str) -> bool:
    """Whether it asks for what holds now ("now", "latest", "still"): the newest source is to be preferred, and its date
    to be told."""
    return holding(word_lists("timing.toml")["latest"]).search(read(question)) is not None
