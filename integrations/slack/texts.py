"""The words that the Slack desk says of its own accord, by key and language, from the message files beside this one.

What the desk says about an answer itself stands in the assistant's messages.
"""

from collections import Counter
from collections.abc import Sequence

from assistant.message_files import MessageFiles
from integrations.listed import Listed, to_ask_about
from integrations.slack.limits import BUTTON, PROMPTS, shortened
from integrations.slack.neutralising import clean, plain

_FILES = MessageFiles("integrations.slack")
_LONGEST_TOPIC = 300
_ASKING = "prompt.about"


def text(key: str, language: str, **values: object) -> str:
    """The text ``section.key`` in the language. Raises KeyError for a key that no file has."""
    return _FILES.message(key, language, **values)


def suggested_prompts(library: Sequence[Listed], language: str) -> list[dict[str, str]]:
    """Up to four prompts (``title`` for the button, ``message`` for what it asks) on what the library really holds:
    the newest document of each theme first, then the next newest. Documents without a topic are left out."""
    subjects = [
        (listed.as_of or "", listed.id, subject)
        for listed in library
        if (subject := to_ask_about(listed.subject)) is not None
    ]
    subjects.sort(key=lambda entry: entry[1])
    subjects.sort(key=lambda entry: entry[0], reverse=True)
    themes: Counter[str] = Counter()
    ranked: list[tuple[int, str]] = []
    for _, _, subject in subjects:
        ranked.append((themes[subject.theme], shortened(clean(subject.topic), _LONGEST_TOPIC)))
        themes[subject.theme] += 1
    topics = dict.fromkeys(topic for _, topic in sorted(ranked, key=lambda entry: entry[0]) if topic)
    asking = _FILES.template(_ASKING, language)  # without isolates: what a prompt says is searched for
    return [
        {"title": shortened(plain(topic[:1].upper() + topic[1:]), BUTTON), "message": asking.format(topic=topic)}
        for topic in list(topics)[:PROMPTS]
    ]


def languages() -> list[str]:
    """The languages with a message file."""
    return _FILES.languages()
