"""The windows, the home tab and the experts' card: what a person reads there, within the limits, whatever is in it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from slack_sdk.models.views import View

from assistant.conversations.types import Escalation, Kept
from assistant.types import Answer, Sentence, SourcePosition
from integrations.slack import actions
from integrations.slack.answer_view import answer_view, question_view
from integrations.slack.escalation_views import ask_view, expert_card, reply_message, reply_view
from integrations.slack.home_view import HomeState, home_view
from integrations.slack.limits import broken_limits
from integrations.slack.sources_view import gone_view, sources_view, waiting_view
from integrations.slack.texts import languages, suggested_prompts, text
from tests.integrations.slack.shown import as_text
from tests.integrations.slack.test_rendering import ID, answered, citation, unanswered
from tests.integrations.slack.wild import AS_FOUND, answers, anything, escalations, grown, kepts, spoken_languages

AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
OPEN = Escalation("e1", ID, "slack:T1:U0ASKER", "For a <!channel> briefing.", "open", None, None, None, AT)
CLAIMED = replace(OPEN, state="claimed", expert="slack:T1:U0EXPERT")
ANSWERED = replace(CLAIMED, state="answered", reply="It was 12.\n\nSee <https://iom.int> and <!here>.")


@dataclass(frozen=True, slots=True)
class _Subject:
    topic: str
    theme: str = "labour-mobility"


@dataclass(frozen=True, slots=True)
class _Source:
    id: str
    title: str
    as_of: str | None
    subject: _Subject | None


def _lines(shown: Any) -> list[str]:
    return as_text(shown).replace("\u2060", "").split("\n")


def _all_strings(found: Any) -> str:
    if isinstance(found, dict):
        return "\n".join(_all_strings(value) for value in found.values())
    return "\n".join(map(_all_strings, found)) if isinstance(found, list) else str(found)


def test_a_quote_is_marked_where_it_stands() -> None:
    around = {
        "p1": "Who came\n\nDelegations of Nepal came.\n\n\nThey met in Tirana. It rained.",
        "p2": "Nothing of the kind.",
    }

    assert _lines(sources_view(answered(), around)) == [
        "┌ Sources",
        "│ [1] <https://albania.iom.int/1|Press release> · IOM · June 2024",
        "│ ▌ Who came",
        "│ ▌ **Delegations of Nepal came.**",
        "│ ▌ They met in Tirana. It rained.",
        "│   Who took part",
        "│ ▌ Who came",
        "│ ▌ Delegations of Nepal came.",
        "│ ▌ **They met in Tirana.** It rained.",
        "│   Who took part",
        "│ ────",
        "│ [2] <https://albania.iom.int/2|Press release> · IOM · June 2024",
        "│ ▌ **They met in Tirana.**",
        "│   Who took part",
        "└",
    ]


def test_what_several_sources_say_alike_is_quoted_once_under_all_of_them() -> None:
    first, second = answered().sentences
    one, two = second.citations
    shared = replace(
        answered(), sentences=(replace(second, citations=(one, replace(two, passage_id="p1", version=3))),)
    )
    shown = as_text(sources_view(shared, {}))

    assert shown.count("**They met in Tirana.**") == 1
    assert "[1]" in shown and "[2]" in shown
    assert text("sources.version", "en", version=3) not in shown
    newer = replace(answered(), sentences=(replace(first, citations=(replace(first.citations[0], version=3),)),))
    assert text("sources.version", "en", version=3) in as_text(sources_view(newer, {}))


def test_long_surroundings_are_cut_to_what_is_near() -> None:
    around = "far before. " * 400 + "Delegations of Nepal came." + " far after." * 400
    (_, quote, *_) = sources_view(answered(), {"p1": around})["blocks"]
    before, marked, after = (run["text"] for run in quote["elements"][0]["elements"])

    assert marked == "Delegations of Nepal came."
    assert before.startswith("… ") and len(before) < 300
    assert after.endswith("…") and len(after) < 500


def position(published: str | None, says: str, about: str = "", number: int | None = None) -> SourcePosition:
    return SourcePosition(
        document_id="tirana",
        version=1,
        number=number,
        title=f"Report of {published}",
        publisher="IOM" if published else None,
        published=published,
        url="https://albania.iom.int/3",
        says=says,
        about=about,
    )


def test_what_the_sources_say_where_they_differ_stands_above_the_quotes() -> None:
    rows = (
        position("2024-06", "880 places", "the *capacity*", 1),
        position("2023-11", "3,000 places", "the *capacity*"),
        position("2024-01", "Twelve <!here> came.", number=2),
        position(None, "Twenty came."),
    )
    shown = _lines(sources_view(replace(answered(), positions=rows), {}))

    assert shown[:13] == [
        "┌ Sources",
        "│ # What do the sources say?",
        "│ *the ∗capacity∗*",
        "│ *June 2024* · IOM · [1] <https://albania.iom.int/3|Report of 2024-06>",
        "│ 880 places",
        "│ *November 2023* · IOM · <https://albania.iom.int/3|Report of 2023-11>",
        "│ 3,000 places",
        "│ *January 2024* · IOM · [2] <https://albania.iom.int/3|Report of 2024-01>",
        "│ “Twelve <!here> came.”",
        "│ *undated* · <https://albania.iom.int/3|Report of None>",
        "│ “Twenty came.”",
        "│ ────",
        "│ [1] <https://albania.iom.int/1|Press release> · IOM · June 2024",
    ]
    assert text("positions.title", "en") not in as_text(sources_view(answered(), {}))
    assert text("positions.title", "en") not in as_text(sources_view(replace(answered(), positions=rows[:1]), {}))


def test_of_many_positions_the_rest_is_counted() -> None:
    rows = tuple(position(f"2{year:03}", "So it is.", f"matter {year % 6}") for year in range(30))
    shown = as_text(sources_view(replace(answered(), positions=tuple(sorted(rows, key=lambda row: row.about))), {}))

    named = shown.count("So it is.")
    assert 5 < named < 30
    assert text("positions.more", "en", count=30 - named) in shown


@pytest.mark.parametrize("has_positions", [False, True])
def test_a_window_full_of_a_script_of_many_bytes_is_taken(has_positions: bool) -> None:
    words = "উৎসগুলো কী বলে? " * 200
    cited = tuple(
        replace(citation(n, f"{n} {words}", words), passage_id=f"p{n}", publisher=words, locator=words)
        for n in range(1, 40)
    )
    row = replace(position("2024-06", words), title=words, publisher=words)
    rows = tuple(replace(row, about=f"{n // 10} {words}", published=f"2{n:03}") for n in range(40))
    full = replace(answered("bn"), sentences=(Sentence(words, cited),), positions=rows if has_positions else ())

    assert _is_taken(sources_view(full, {one.passage_id: f"{words}{one.quote}{words}" for one in cited}))


def test_an_answer_without_sources_says_so() -> None:
    assert text("sources.none", "en") in as_text(sources_view(unanswered(), {}))


def test_an_answer_in_a_window_carries_question_notices_and_sources() -> None:
    view = answer_view("Who came <!channel>?", answered(), ID)

    assert view["private_metadata"] == ID
    assert _lines(view)[:8] == [
        "┌ Answer of the desk",
        "│ ▌ Who came <!channel>?",
        "│ Delegations of Nepal came. [1]",
        "│ They met in Tirana. [1] [2]",
        "│ (warning) The sources differ.",
        "│ (info) The newest source is of 2024-06.",
        "│ ────",
        "│ [1] <https://albania.iom.int/1|Press release>",
    ]
    assert text("answer.shortened", "en") in as_text(answer_view("q", grown(answered()), ID))


def test_home_tells_how_to_ask_what_there_is_and_what_was_asked() -> None:
    kept = Kept("k", "t", "slack", "p", "public", "en", "Who came?", None, AT, "NOT_COVERED")
    prompts = ({"title": "MARRI", "message": "What do the documents say about MARRI?"},)
    view = home_view(HomeState("en", [kept, replace(kept, question=None)], 50, "2026-06", "2026-07-01", prompts))
    shown = _lines(view)

    assert "│ Who came?" in shown
    assert "│   Not covered by the documents · 1 July 2026" in shown
    assert f"│ {text('home.erased', 'en')}" in shown
    assert "│   Documents you can ask about: 50 · Newest source: June 2026 · Last checked: 1 July 2026" in shown
    buttons = [element for block in view["blocks"] if block["type"] == "actions" for element in block["elements"]]
    assert [(button["action_id"], button["value"]) for button in buttons] == [
        (actions.HOME_ASK, actions.HOME_ASK),
        (actions.suggested_action(0), prompts[0]["message"]),
    ]
    assert actions.suggested_action(0).startswith(actions.SUGGESTED)
    # From the right, a bare date would come out backwards.
    assert "\u20681 جولائی 2026\u2069" in as_text(home_view(HomeState("ur", [kept], 50, None, "–")))
    assert text("home.none", "ur") in as_text(home_view(HomeState("ur", [], 0, None, "–")))


def test_prompts_are_drawn_from_the_library_one_theme_after_the_other() -> None:
    library = [
        _Source("a", "A", "2024", _Subject("older work permits")),
        _Source("b", "B", "2026", _Subject("newer work permits")),
        _Source("c", "C", "2020", _Subject("asylum", "asylum-and-protection")),
        _Source("d", "D", "2026", _Subject("terms and abbreviations", "reference")),
        _Source("e", "E", "2026", None),
        _Source("f", "F", None, _Subject("undated permits")),
    ]

    assert suggested_prompts(library, "en") == [
        {"title": "Newer work permits", "message": "What do the documents say about newer work permits?"},
        {"title": "Asylum", "message": "What do the documents say about asylum?"},
        {"title": "Older work permits", "message": "What do the documents say about older work permits?"},
        {"title": "Undated permits", "message": "What do the documents say about undated permits?"},
    ]
    assert [prompt["message"] for prompt in suggested_prompts(library[2:3], "ur")] == [
        text("prompt.about", "ur", topic="asylum").replace("\u2068", "").replace("\u2069", "")
    ]
    assert suggested_prompts([], "en") == []


def test_the_experts_read_the_question_the_note_and_what_was_found() -> None:
    card = expert_card(OPEN, "Who <@U123> came?", answered(), "https://x.slack.com/archives/C1/p1")

    assert _lines(card) == [
        "# A colleague asks for help",
        "  Question",
        "▌ Who <@U123> came?",
        "  Note",
        "▌ For a <!channel> briefing.",
        "  What the desk said",
        "▌ Delegations of Nepal came. [1]",
        "▌ They met in Tirana. [1] [2]",
        "[1] <https://albania.iom.int/1|Press release>",
        "IOM · June 2024",
        "“Delegations of Nepal came.”",
        "[2] <https://albania.iom.int/2|Press release>".replace("Press release", "Minutes"),
        "IOM · June 2024",
        "“They met in Tirana.”",
        "<https://x.slack.com/archives/C1/p1|Open the conversation>",
        "Nobody has taken this up yet.",
        "[I will answer this]  [Write the answer]",
    ]
    # What a person wrote stands only where Slack reads nothing.
    assert all(block["type"] == "rich_text" for block in card if "channel" in _all_strings(block))


def test_the_card_follows_what_becomes_of_the_question() -> None:
    claimed, done = (_lines(expert_card(state, "Q", None, None)) for state in (CLAIMED, ANSWERED))

    assert "Taken up by <@U0EXPERT>" in claimed and claimed[-1] == "[Write the answer]"
    assert "Answered by <@U0EXPERT>" in done and "▌ It was 12." in done
    assert not any(line.startswith("[") for line in done)
    assert text("escalation.found_none", "en") in done
    unknown = _lines(expert_card(replace(CLAIMED, expert="<!channel>"), "Q", None, None))
    assert "Taken up" in unknown


def test_the_asker_gets_the_experts_words_and_is_told_whose_they_are() -> None:
    message = reply_message(ANSWERED, "Who came?", "en")

    assert _lines(message) == [
        "A colleague has answered your question",
        "▌ Who came?",
        "It was 12.",
        "",
        "See <https://iom.int> and <!here>.",
        "Answered by <@U0EXPERT>",
        f"  {text('escalation.relayed_note', 'en')}",
    ]
    assert all(block["type"] == "rich_text" for block in message if "here" in _all_strings(block))


@pytest.mark.parametrize("language", languages())
def test_what_is_written_in_a_window_comes_back_under_a_known_name(language: str) -> None:
    for view, callback, block, metadata in (
        (ask_view(ID, language), actions.ESCALATE_VIEW, actions.NOTE_BLOCK, ID),
        (reply_view(CLAIMED, language), actions.REPLY_VIEW, actions.REPLY_BLOCK, CLAIMED.id),
        (question_view(language), actions.HOME_ASK_VIEW, actions.QUESTION_BLOCK, ""),
    ):
        field = next(part for part in view["blocks"] if part["type"] == "input")
        assert (view["callback_id"], field["block_id"], view.get("private_metadata", "")) == (callback, block, metadata)
        assert field["element"]["action_id"] == actions.INPUT
        assert field["optional"] is (callback == actions.ESCALATE_VIEW)
        assert _is_taken(view)
    assert _is_taken(waiting_view(language)) and _is_taken(gone_view(language))


@AS_FOUND
@given(answers, anything)
@example(answered(), "q")
def test_slack_takes_every_window_with_an_answer(answer: Answer, words: str) -> None:
    for shown in (answer, grown(answer)):
        quotes = [citation.quote for sentence in shown.sentences for citation in sentence.citations]
        around = dict.fromkeys("ab", words.join(("", *quotes[:3], "")))
        assert _is_taken(sources_view(shown, around))
        assert _is_taken(answer_view(words, shown, ID))


@AS_FOUND
@given(spoken_languages, st.lists(kepts, max_size=8), anything, anything, st.lists(anything, max_size=6))
def test_slack_takes_every_home(
    language: str, recent: list[Kept], newest: str, checked: str, topics: list[str]
) -> None:
    library = [_Source(str(n), topic, newest, _Subject(topic, str(n))) for n, topic in enumerate(topics)]
    prompts = tuple(suggested_prompts(library, language))

    assert len(prompts) <= 4
    assert _is_taken(home_view(HomeState(language, recent, 10**9, newest, checked, prompts)))


@AS_FOUND
@given(escalations, anything, answers, st.none() | anything, spoken_languages)
def test_slack_takes_every_card_and_reply(
    escalation: Escalation, question: str, answer: Answer, permalink: str | None, language: str
) -> None:
    for found in (None, answer, grown(answer)):
        assert broken_limits(expert_card(escalation, question, found, permalink)) == []
    assert broken_limits(reply_message(escalation, question, language)) == []
    assert _is_taken(reply_view(escalation, language))


def _is_taken(view: dict[str, Any]) -> bool:
    """By our own reading of Slack's limits and by the installed client's."""
    assert broken_limits(view) == []
    View(**view).validate_json()
    return True
