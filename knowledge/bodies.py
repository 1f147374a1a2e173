"""Organisations that a text names, in any of our languages and scripts. Pure."""

from pathlib import Path

from knowledge.gazetteer import Gazetteer

_GAZETTEER = Gazetteer(Path(__file__).parent / "body_names.toml", ("bodies",))


def bodies(text: str) -> frozenset[str]:
    """Ids of the organisations ("iom", "frontex") that the text names, by their names or abbreviations."""
    return _GAZETTEER.found_in(text)


def body_spans(text: str) -> tuple[tuple[int, int, frozenset[str]], ...]:
    """Where the text names organisations: the characters from and up to, and the organisations."""
    return _GAZETTEER.spans_in(text)
