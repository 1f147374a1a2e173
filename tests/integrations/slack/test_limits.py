"""Slack's limits: each breach is seen, what keeps to them passes, and text is cut where a reader would cut it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.slack.limits import broken_limits, fitted, length, shortened
from tests.integrations.slack.wild import UNTIMED, anything


def _text(words: str, kind: str = "plain_text") -> dict[str, Any]:
    return {"type": kind, "text": words}


def _button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": _text("Go"), "action_id": "go", "value": "1", **more}


def _section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": _text(words)}


def _modal(**more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": _text("Title"), "blocks": [_section("a")], **more}


_INPUT = {
    "type": "input",
    "label": _text("Label"),
    "element": {"type": "plain_text_input", "action_id": "x", "max_length": 3000},
}
_CONTAINER = {"type": "container", "title": _text("t"), "child_blocks": [_section("a")]}
_RICH = {"type": "rich_text_section", "elements": [_text("a", "text")]}

FINE = {
    "a message at its limits": [_section("a" * 3000), {"type": "markdown", "text": "b" * 12_000}, {"type": "divider"}],
    "fifty blocks": [_section("a")] * 50,
    "a window at its limits": _modal(title=_text("t" * 24), private_metadata="m" * 3000, blocks=[_section("a")] * 100),
    "a window that asks": _modal(blocks=[_INPUT], submit=_text("Send")),
    "an alert in a window": _modal(blocks=[{"type": "alert", "text": _text("a"), "level": "warning"}]),
    "structured text": [{"type": "rich_text", "elements": [_RICH]}],
    "buttons": [{"type": "actions", "elements": [_button(), _button(action_id="other", style="primary")]}],
}
BROKEN = {
    "nothing": ([], "between 1 and 50"),
    "too many blocks": ([_section("a")] * 51, "51, between 1 and 50"),
    "too much in a section": ([_section("a" * 3001)], "3001 characters, at most 3000"),
    "emoji count twice": ([_section("😀" * 1501)], "3002 characters"),
    "an empty section": ([_section("  ")], "empty"),
    "markdown in two blocks": ([{"type": "markdown", "text": "a" * 6001}] * 2, "12002 characters of markdown"),
    "an alert in a message": ([{"type": "alert", "text": _text("a")}], "no alert can stand here"),
    "a form in a message": ([_INPUT], "no input can stand here"),
    "markdown in a window": (_modal(blocks=[{"type": "markdown", "text": "a"}]), "no markdown can stand here"),
    "an alert at home": ({"type": "home", "blocks": [{"type": "alert", "text": _text("a")}]}, "no alert can"),
    "a level": (_modal(blocks=[{"type": "alert", "text": _text("a"), "level": "loud"}]), "no such level"),
    "a long button": ([{"type": "actions", "elements": [_button(text=_text("b" * 76))]}], "76 characters"),
    "mrkdwn on a button": ([{"type": "actions", "elements": [_button(text=_text("b", "mrkdwn"))]}], "not the kind"),
    "a long value": ([{"type": "actions", "elements": [_button(value="v" * 2001)]}], "2001 characters"),
    "a style": ([{"type": "actions", "elements": [_button(style="loud")]}], "no such style"),
    "the same action twice": ([{"type": "actions", "elements": [_button(), _button()]}], "action_id occurs twice"),
    "many buttons": ([{"type": "actions", "elements": [_button(action_id=str(n)) for n in range(26)]}], "26 inside"),
    "many words aside": ([{"type": "context", "elements": [_text("a")] * 11}], "11 inside"),
    "the same block twice": ([_section("a") | {"block_id": "b"}] * 2, "'b' occurs twice"),
    "a long block id": ([_section("a") | {"block_id": "b" * 256}], "256 characters"),
    "a full container": ([_CONTAINER | {"child_blocks": [_section("a")] * 11}], "11 inside"),
    "structured text in a container": (
        [_CONTAINER | {"child_blocks": [{"type": "rich_text", "elements": [_RICH]}]}],
        "a container takes no 'rich_text'",
    ),
    "closed for good": ([_CONTAINER | {"default_collapsed": True}], "collapsed but not collapsible"),
    "a long title": (_modal(title=_text("t" * 25)), "25 characters, at most 24"),
    "a long note": (_modal(private_metadata="m" * 3001), "3001 characters"),
    "no way to send": (_modal(blocks=[_INPUT]), "needs submit"),
    "a home to close": ({"type": "home", "blocks": [_section("a")], "close": _text("x")}, "a home tab has no close"),
    "a large window": (_modal(blocks=[_section("ن" * 3000)] * 20), "bytes, at most 250000"),
    "a long answer asked for": (
        _modal(blocks=[_INPUT | {"element": _INPUT["element"] | {"max_length": 3001}}], submit=_text("Send")),  # type: ignore[operator]
        "max_length 3001",
    ),
    "a block of the future": ([{"type": "hologram"}], "no block that we show"),
    "a mention in structured text": (
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "broadcast"}]}]}],
        "'broadcast' is nothing",
    ),
}


@pytest.mark.parametrize("shown", FINE.values(), ids=list(FINE))
def test_what_slack_takes_passes(shown: Any) -> None:
    assert broken_limits(shown) == []


@pytest.mark.parametrize(("shown", "what"), BROKEN.values(), ids=list(BROKEN))
def test_a_breach_is_named(shown: Any, what: str) -> None:
    found = broken_limits(shown)
    assert len(found) == 1, found
    assert what in found[0]


@UNTIMED
@given(anything, st.integers(0, 200))
def test_a_shortened_text_is_a_beginning_and_fits(text: str, most: int) -> None:
    short = shortened(text, most)

    assert length(short) <= most
    assert short == text or short == "" or (short.endswith("…") and text.startswith(short[:-1]))


def test_a_text_is_cut_between_words_and_not_inside_a_character() -> None:
    assert shortened("one two three", 9) == "one two…"
    assert shortened("one two", 7) == "one two"
    assert shortened("x" * 50, 10) == "x" * 9 + "…"
    family = "👩‍👩‍👧‍👦"
    assert shortened(family * 3, length(family) + 3) == family + "…"
    assert shortened("ক্ষি" * 4, 6) == "ক্ষি…"


@UNTIMED
@given(anything, st.integers(0, 100))
def test_what_grows_as_it_is_written_still_fits(text: str, most: int) -> None:
    assert length(fitted(text, most, lambda words: words.replace("&", "&amp;").replace("a", "(a)"))) <= most
