"""What stands on a page and says nothing by itself: its title, a menu's words, names without a sentence. Pure."""

import re

from assistant import function_words
from knowledge.normalisation import one_line, words_of

_CLOSED = re.compile(r"[.!?…।॥؟۔][\"'”’»)\]]*$")
_MOST_NAMES = 6
_FEWEST_WORDS = 3


def is_scrap(text: str, title: str) -> bool:
    """The document's own title and scraps of a page resemble every question about it and answer none. A title that ends
    like a sentence is one: that of a text which has no other."""
    if len(text.split()) < _FEWEST_WORDS:
        return True
    if _CLOSED.search(text):
        return False
    return one_line(text).casefold() == title.casefold() or _is_names_alone(text)


def _is_names_alone(text: str) -> bool:
    """Nothing but words with capitals, as an organisation's name under its logo. Scripts without capitals have none."""
    words = [word for word in words_of(text) if word.lower() not in function_words.IN_NAMES]
    return 0 < len(words) <= _MOST_NAMES and all(word[0].isupper() for word in words)
