"""What stands in Slack when an answer has been given: what a person sees, within the limits, whatever the answer."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import pytest
from hypothesis import example, given
from slack_sdk.models.blocks import Block as SlackBlock

from assistant.types import Answer, Citation, Notice, Outcome, Provenance, Sentence, SourceCard
from integrations.slack import actions
from integrations.slack.limits import FALLBACK, broken_limits, length
from integrations.slack.neutralising import web_address
from integrations.slack.rendering import (
    answer_blocks,
    closing_blocks,
    fallback_text,
    found_status,
    plain_closing_blocks,
    statement,
)
from integrations.slack.texts import text
from tests.integrations.slack.shown import as_text
from tests.integrations.slack.wild import AS_FOUND, UNTIMED, answers, grown, sentences

ID = "0123456789abcdef0123456789abcdef"


def citation(number: int, quote: str, title: str = "Press release") -> Citation:
    return Citation(
        number=number,
        passage_id=f"p{number}",
        document_id="tirana",
        title=title,
        publisher="IOM",
        published="2024-06",
        url=f"https://albania.iom.int/{number}",
        locator="Who took part",
        quote=quote,
        start=0,
        end=len(quote),
        verified=True,
    )


def card(number: int, title: str = "Press release") -> SourceCard:
    return SourceCard(number, "tirana", title, "IOM", "2024-06", f"https://albania.iom.int/{number}")


def answered(language: str = "en") -> Answer:
    """Two sentences, the second on two sources, and a disagreement."""
    said = (
        Sentence("Delegations of Nepal came.", (citation(1, "Delegations of Nepal came."),)),
        Sentence("They met in Tirana.", (citation(1, "They met in Tirana."), citation(2, "They met in Tirana."))),
    )
    return Answer(
        outcome=Outcome.ANSWERED,
        text=" ".join(sentence.text for sentence in said),
        language=language,
        sentences=said,
        sources=(card(1), card(2, "Minutes")),
        notices=(Notice("disagree", "The sources differ."), Notice("dated", "The newest source is of 2024-06.")),
        provenance=Provenance(None),
    )


def unanswered(outcome: Outcome = Outcome.NOT_COVERED) -> Answer:
    return Answer(outcome, "The documents do not answer this.", "en", (), (), (), Provenance(None))


@dataclass(frozen=True, slots=True)
class _Passage:
    document_id: str


@dataclass(frozen=True, slots=True)
class _Found:
    passage: _Passage


def _everything(shown: Any) -> Iterator[Mapping[str, Any]]:
    """Every object in blocks, however deep."""
    if isinstance(shown, Mapping):
        yield shown
        for inner in shown.values():
            yield from _everything(inner)
    elif isinstance(shown, list | tuple):
        for inner in shown:
            yield from _everything(inner)


def _buttons(blocks: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Action id → value."""
    return {part["action_id"]: part["value"] for part in _everything(blocks) if part.get("type") == "button"}


def test_a_message_shows_sentences_notices_sources_and_what_one_can_do() -> None:
    blocks = answer_blocks(answered(), ID, can_escalate=True)

    assert as_text(blocks).replace("\u2060", "").split("\n") == [
        "Delegations of Nepal came. [1]",
        "",
        "They met in Tirana. [1] [2]",
        "\u26a0\ufe0f The sources differ.",
        "• The newest source is of 2024-06.",
        "▸ Sources (2) (opens on request)",
        "    [1] <https://albania.iom.int/1|Press release>",
        "    IOM · June 2024",
        "    “Delegations of Nepal came.”",
        "    [2] <https://albania.iom.int/2|Minutes>",
        "    IOM · June 2024",
        "    “They met in Tirana.”",
        "(Helpful)  (Not helpful)",
        "[Sources in context]  [Ask a colleague]  [Briefing note (Word)]  [Briefing note (PDF)]",
    ]
    leading = (actions.SOURCES, actions.ESCALATE, actions.EXPORT, actions.EXPORT_PDF)
    assert _buttons(blocks) == dict.fromkeys(leading, ID)


def test_the_sources_are_closed_until_somebody_opens_them() -> None:
    container = next(
        block for block in closing_blocks(answered(), ID, can_escalate=True) if block["type"] == "container"
    )

    assert container["is_collapsible"] is container["default_collapsed"] is True


def test_where_slack_refuses_the_container_the_same_is_said_without_it() -> None:
    rich = as_text(closing_blocks(answered(), ID, can_escalate=True)).split("\n")
    plain = as_text(plain_closing_blocks(answered(), ID, can_escalate=True)).split("\n")

    assert [line.strip() for line in rich if not line.startswith("▸")] == [line.strip() for line in plain]


def test_feedback_says_which_answer_and_how_it_was_found() -> None:
    element = next(
        part for part in _everything(answer_blocks(answered(), ID, can_escalate=True)) if "positive_button" in part
    )

    assert element["action_id"] == actions.FEEDBACK
    assert actions.feedback_of(element["positive_button"]["value"]) == (ID, True)
    assert actions.feedback_of(element["negative_button"]["value"]) == (ID, False)
    assert element["negative_button"]["accessibility_label"] == "Not helpful"


@pytest.mark.parametrize("value", ["", "up", "up:", "sideways:x", ":x", "UP:x"])
def test_a_value_that_is_none_of_ours_is_no_feedback(value: str) -> None:
    with pytest.raises(ValueError, match="feedback"):
        actions.feedback_of(value)


def test_what_is_not_covered_leads_to_a_colleague_first() -> None:
    blocks = answer_blocks(unanswered(), ID, can_escalate=True)

    assert _buttons(blocks) == {actions.ESCALATE: ID}
    assert next(part for part in _everything(blocks) if part.get("type") == "button")["style"] == "primary"
    assert as_text(blocks).startswith("The documents do not answer this.")


def test_without_experts_nobody_is_sent_to_them() -> None:
    assert actions.ESCALATE not in _buttons(answer_blocks(answered(), ID, can_escalate=False))
    assert _buttons(answer_blocks(unanswered(), ID, can_escalate=False)) == {}


def test_a_failure_can_be_tried_again_and_is_not_rated() -> None:
    blocks = answer_blocks(unanswered(Outcome.FAILED), ID, can_escalate=True)

    assert _buttons(blocks) == {actions.RETRY: ID, actions.ESCALATE: ID}
    assert not any("positive_button" in part for part in _everything(blocks))


def test_many_sources_are_named_as_far_as_there_is_room_and_the_rest_counted() -> None:
    many = replace(answered(), sources=tuple(card(number, "A long title " * 12) for number in range(1, 201)))
    shown = as_text(closing_blocks(many, ID, can_escalate=True))

    assert "Sources (200)" in shown
    named = sum(line.strip().startswith("[") and "|" in line for line in shown.split("\n"))
    assert 10 < named < 200
    assert f"Further sources: {200 - named}." in shown


def test_an_answer_too_long_for_a_message_says_so_and_keeps_whole_sentences() -> None:
    said = Sentence("word " * 100, (citation(1, "word"),))
    long = replace(answered(), sentences=(said,) * 60)
    blocks = answer_blocks(long, ID, can_escalate=True)

    assert broken_limits(blocks) == []
    assert text("answer.shortened", "en") in as_text(blocks)
    assert set(blocks[0]["text"].split("\n\n")) == {statement(said)}


def test_a_sentence_streams_as_one_line_with_each_source_once() -> None:
    cited = (citation(2, "a"), citation(1, "b"), citation(2, "c"))

    assert statement(Sentence("First\nsecond.", cited)) == "First second. [2] [1]"
    assert statement(Sentence("Not cited.", ())) == "Not cited."


@UNTIMED
@given(sentences)
def test_a_streamed_sentence_never_fills_a_message(sentence: Sentence) -> None:
    written = statement(sentence)

    assert length(written) <= 3000
    assert "\n" not in written


def test_notifications_and_screen_readers_get_words_and_sources() -> None:
    heard = fallback_text(answered()).replace("\u2060", "")

    assert heard.split("\n") == [
        "Delegations of Nepal came. [1]",
        "They met in Tirana. [1] [2]",
        "The sources differ.",
        "The newest source is of 2024-06.",
        "Sources (2)",
        "[1] Press release (IOM, June 2024)",
        "[2] Minutes (IOM, June 2024)",
    ]
    assert fallback_text(unanswered()) == "The documents do not answer this."


def test_the_sources_are_heard_also_where_the_answer_is_long() -> None:
    long = replace(answered(), sentences=(Sentence("word " * 1500, ()),) * 3)

    assert "[2] Minutes" in fallback_text(long)


def test_the_status_counts_passages_and_documents() -> None:
    found = [_Found(_Passage(name)) for name in ("a", "a", "b")]

    assert found_status(found, "en") == "Reading what was found. Passages: 3, documents: 2."
    assert "\u20683\u2069" in found_status(found, "ur")


@pytest.mark.parametrize("language", ["ar", "ur"])
def test_a_notice_from_the_right_begins_with_no_letter_from_the_left(language: str) -> None:
    notices = (Notice("dated", text("home.none", language)), Notice("disagree", text("home.none", language)))
    shown = [
        block["text"]["text"]
        for block in closing_blocks(replace(answered(language), notices=notices), ID, can_escalate=False)[:2]
    ]

    assert [next(c for c in words if c.isalpha()) == text("home.none", language)[0] for words in shown] == [True, True]


@pytest.mark.parametrize("language", ["ar", "ur", "sr", "bn", "ne", "xx"])
def test_the_surface_speaks_the_language_of_the_answer(language: str) -> None:
    shown = as_text(answer_blocks(answered(language), ID, can_escalate=True))

    assert text("button.escalate", language) in shown
    assert text("answer.sources", language, count=2) in shown


@AS_FOUND
@given(answers)
@example(answered())
@example(unanswered())
def test_slack_takes_every_answer(answer: Answer) -> None:
    for given_answer in (answer, grown(answer)):
        whole = answer_blocks(given_answer, ID, can_escalate=True)
        assert broken_limits(whole) == []
        assert broken_limits(plain_closing_blocks(given_answer, ID, can_escalate=True)) == []
        assert broken_limits(answer_blocks(given_answer, ID, can_escalate=False)) == []
        assert 1 <= length(fallback_text(given_answer)) <= FALLBACK
        _is_taken_by_the_client(whole)
        _follows_only_sources(whole, given_answer)


def _is_taken_by_the_client(blocks: Sequence[Mapping[str, Any]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for block in blocks:
            parsed = SlackBlock.parse(dict(block))
            assert parsed is not None
            parsed.validate_json()


def _follows_only_sources(shown: Any, answer: Answer) -> None:
    urls = [source.url for source in answer.sources]
    urls += [citation.url for sentence in answer.sentences for citation in sentence.citations]
    urls += [position.url for position in answer.positions]
    allowed = {web_address(url) for url in urls}
    for part in _everything(shown):
        assert not {"image_url", "thumb_url", "url"} & part.keys()
        if part.get("type") == "mrkdwn":
            assert part["verbatim"] is True
            followed = {piece.split("|")[0] for piece in part["text"].split("<")[1:]}
            assert {unescape(address) for address in followed} <= {unescape(str(address)) for address in allowed}
