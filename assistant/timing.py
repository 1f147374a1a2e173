"""Whether a question asks for how things stand now, in any of our languages. Pure."""

import re
import tomllib
from functools import cache
from importlib import resources

from assistant.word_patterns import either, read


def asks_for_latest(question: str) -> bool:
    """Whether it asks for what holds now ("now", "latest", "still"): the newest source is to be preferred, and its date
    to be told."""
    return _pattern().search(read(question)) is not None


@cache
def _pattern() -> re.Pattern[str]:
    file = resources.files("assistant").joinpath("timing.toml")
    data: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return re.compile(f" {either([word for words in data['latest'].values() for word in words.split()])}(?= )")
