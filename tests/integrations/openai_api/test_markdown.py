"""What clients show as Markdown: words of documents stay words, and links lead to the sources alone."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.types import Answer, Citation, Notice, Outcome, Provenance, Sentence, SourceCard
from integrations.openai_api.markdown import sentence_text, whole, written

_READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = (
    "![x](https://evil.example/a.png)",
    "[click](https://evil.example)",
    "[1]: https://evil.example",
    "<img src=x onerror=alert(1)>",
    "<https://evil.example>",
    "# Not a heading",
    "- not a list",
    "12) not a list either",
    "> not a quote",
    "| a | b |",
    "***",
    "---",
    "    not code",
    "&lt;b&gt; &#60;",
    "`code` ~~gone~~ __bold__",
    "\\[still](words)",
    "Read www.evil.example or https://evil.example/path",
)
_WILD = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2060\u202a\u202b\u202c\u202d\u202e")
)
_PIECES = st.sampled_from(
    [*HOSTILE, "![", "](", "[", "]", "<", ">", "&amp;", "*", "_", "`", "\n", "1.", "#", "ћ", "ا", " "]
)


def shown(markdown: str) -> str:
    """What a reader of the page sees, where there is nothing but one paragraph of words."""
    page = _READER.render(markdown).strip()
    if not page:
        return ""
    found = re.fullmatch(r"<p>([^<>]*)</p>", page)
    assert found, page
    return html.unescape(found[1]).replace("\u2060", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_a_document_are_shown_as_they_are_and_do_nothing(text: str) -> None:
    assert shown(written(text)) == " ".join(text.split())


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES | _WILD, max_size=12).map("".join))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    assert shown(written(text)) == " ".join(text.split())
    assert "://" not in written(text)


def citation(number: int) -> Citation:
    return Citation(number, "p", "d", "T", None, None, None, "", "quote", 0, 5, True)


def test_an_answer_carries_its_numbers_notices_and_sources_with_their_addresses() -> None:
    sentence = Sentence("Forty *people* met.", (citation(1), citation(2), citation(1)))
    cards = (
        SourceCard(1, "d", "Press [release]", "IOM", "2024-06", "https://iom.example/a(b)?c=1"),
        SourceCard(2, "e", "Memo", None, None, "javascript:alert(1)"),
    )
    answer = Answer(
        Outcome.ANSWERED,
        "Forty people met.",
        "en",
        (sentence,),
        cards,
        (Notice("dated", "Check <it>."),),
        Provenance(model=None),
    )
    assert sentence_text(sentence) == r"Forty \*people\* met. [1] [2]"
    assert whole(answer) == (
        "Forty \\*people\\* met. [1] [2]\n\n> Check \\<it\\>.\n\n**Sources**\n\n"
        "- [1] Press \\[release\\] · IOM · June 2024 · <https://iom.example/a%28b%29?c=1>\n- [2] Memo"
    )
    page = _READER.render(whole(answer))
    assert re.findall(r'href="([^"]*)"', page) == ["https://iom.example/a%28b%29?c=1"]
    assert "javascript" not in page


def test_a_question_back_and_a_refusal_say_so_in_words() -> None:
    text = "This question can be read in several ways."
    answer = Answer(
        Outcome.NEEDS_CLARIFICATION,
        text,
        "en",
        (),
        (),
        (),
        Provenance(model=None),
        choices=("What was agreed in Tirana?", "What was agreed in Belgrade?"),
    )
    assert whole(answer) == f"{text}\n\n- What was agreed in Tirana?\n- What was agreed in Belgrade?"
