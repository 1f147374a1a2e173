"""Answers and texts as they should never be, for tests of what must hold for all of them."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from assistant.conversations.types import Escalation, Kept
from assistant.types import Answer, Citation, Notice, Outcome, Provenance, Sentence, SourceCard, SourcePosition
from integrations.slack.texts import languages

NASTY = (
    "<!channel> <!here|x> <@U123ABC> <#C123ABC|general> <!subteam^S1> @channel @here @everyone",
    "![x](https://evil.example/?q=1) [click](https://evil.example) <https://evil.example|click> https://evil.example/a",
    "*bold* _it_ ~no~ `code` **b** __i__ ~~s~~ ```fence``` ~~~ \\* \\[",
    "# Heading\n> quote\n- item\n1. one\n| a | b |\n|---|---|\n| 1 | 2 |\n---\n    code\n===\n[a]: https://evil.example",
    "<script>alert(1)</script> &lt;!channel&gt; &amp;lt; &#42;",
    ":smile: :skin-tone-2: mail@evil.example www.evil.example evil.example/x",
    "یہ ایک جملہ ہے۔ هذه جملة. এটি একটি বাক্য। यो एउटा वाक्य हो। Ово је реченица.",
    "\u202eevil\u202c \u2066half \u2067\u2069\u2069 \u2028 \x00\x07\x1b[31m \U000e0041\U000e0042 \ufeff\u200b\u00ad",
    "👩‍👩‍👧‍👦" * 30,
    "क्ष्म्य" * 60,
    "\ud83d half a pair",
    "Kosovo*, Kosovo* and *Kosovo",
    "a" * 3100,
    "word " * 700,
    "& " * 1600,
    "",
    "   \n\t ",
)
_URLS = (
    None,
    "",
    "https://iom.int/a?b=c&d=e#f",
    "http://example.org/ä/ü|x>y<z)(",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://user:pass@evil.example/",
    "https://exa mple.org",
    "//evil.example",
    "https://[::1",
    "https://x.example:99999999/",
    "https://x.example/" + "a" * 4000,
    "https://x.example/\u202e",
    "slack://user?team=T1",
)

# Failing answers are large, and making them smaller takes minutes.
AS_FOUND = settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# A machine that is busy is no mistake of ours.
UNTIMED = settings(deadline=None)

anything = st.sampled_from(NASTY) | st.text(max_size=60) | st.lists(st.sampled_from(NASTY), max_size=3).map(" ".join)
addresses = st.sampled_from(_URLS) | st.text(max_size=40)
numbers = st.integers(1, 250)
spoken_languages = st.sampled_from([*languages(), "bs", "xx", ""])

_dates = st.one_of(st.none(), st.just("2024-06"), anything)

citations = st.builds(
    Citation,
    number=numbers,
    passage_id=st.sampled_from("abc"),
    document_id=st.just("d"),
    title=anything,
    publisher=st.one_of(st.none(), anything),
    published=_dates,
    url=addresses,
    locator=anything,
    quote=anything,
    start=st.just(0),
    end=st.just(1),
    verified=st.just(True),
    version=st.integers(1, 10**6),
)
sentences = st.builds(Sentence, text=anything, citations=st.lists(citations, max_size=3).map(tuple))


cards = st.builds(
    SourceCard,
    number=numbers,
    document_id=st.just("d"),
    title=anything,
    publisher=st.one_of(st.none(), anything),
    published=_dates,
    url=addresses,
)
_positions = st.builds(
    SourcePosition,
    document_id=st.just("d"),
    version=st.just(1),
    number=st.one_of(st.none(), numbers),
    title=anything,
    publisher=st.one_of(st.none(), anything),
    published=_dates,
    url=addresses,
    says=anything,
    about=st.sampled_from(["", "a", NASTY[0], NASTY[2], "word " * 700]),
)
_notices = st.builds(Notice, kind=st.sampled_from(["disagree", "dated", "no such kind"]), text=anything)
answers = st.builds(
    Answer,
    outcome=st.sampled_from(Outcome),
    text=anything,
    language=spoken_languages,
    sentences=st.lists(sentences, max_size=3).map(tuple),
    sources=st.lists(cards, max_size=3).map(tuple),
    notices=st.lists(_notices, max_size=12).map(tuple),
    provenance=st.just(Provenance(None)),
    choices=st.lists(anything, max_size=3).map(tuple),
    positions=st.lists(_positions, max_size=6).map(tuple),
)
_moments = st.just(datetime(2026, 7, 1, 9, 30, tzinfo=UTC))
escalations = st.builds(
    Escalation,
    id=st.just("e" * 32),
    answer_id=st.just("a" * 32),
    person=st.just("slack:T1:U1234"),
    note=anything,
    state=st.sampled_from(["open", "claimed", "answered", "relayed"]),
    expert=st.one_of(st.none(), st.just("slack:T1:U0EXPERT"), anything),
    reply=st.one_of(st.none(), anything),
    place=st.none(),
    at=_moments,
)
kepts = st.builds(
    Kept,
    id=st.just("k"),
    thread=st.just("t"),
    surface=st.just("slack"),
    person=st.just("p"),
    audience=st.just("public"),
    language=spoken_languages,
    question=st.one_of(st.none(), anything),
    answer=st.none(),
    asked_at=_moments,
    outcome=st.sampled_from([outcome.value for outcome in Outcome] + ["OF_ANOTHER_VERSION"]),
)


def grown(answer: Answer) -> Answer:
    """The same with sixty sentences, two hundred sources, each with a quote of its own, and each position ten times."""
    every = [citation for sentence in answer.sentences for citation in sentence.citations]
    cited = tuple(
        replace(every[n % len(every)], number=n, quote=f"{n}{every[n % len(every)].quote}") for n in range(200) if every
    )
    sources = tuple(replace(answer.sources[n % len(answer.sources)], number=n) for n in range(200) if answer.sources)
    sentences = (*answer.sentences[:1], *answer.sentences * 30)[:60]
    return replace(
        answer,
        sentences=(*(replace(said, citations=cited) for said in sentences[:1]), *sentences[1:]),
        sources=sources,
        positions=answer.positions * 10,
    )
