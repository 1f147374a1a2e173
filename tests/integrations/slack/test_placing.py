"""Which messages are questions, and what they say."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.slack.looking_up import is_private
from integrations.slack.placing import question_in, readable, thread_key
from tests.integrations.slack.wild import UNTIMED

BOT, BOT_ID = "U0BOT", "B0BOT"


def event(**changes: Any) -> dict[str, Any]:
    given = {"type": "message", "user": "U1", "channel": "C1", "ts": "2.0", "text": "Why?", **changes}
    return {"event": {key: value for key, value in given.items() if value is not None}}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"channel": "D1"}, ("2.0", False)),
        ({"channel": "D1", "thread_ts": "1.0"}, ("1.0", False)),
        ({"channel_type": "im", "channel": "G1"}, ("2.0", False)),
        ({"text": "<@U0BOT> why?"}, ("2.0", False)),
        ({"text": "why, <@U0BOT|desk>?", "thread_ts": "1.0"}, ("1.0", False)),
        ({"type": "app_mention"}, ("2.0", False)),
        ({"thread_ts": "1.0"}, ("1.0", True)),
        ({"thread_ts": "1.0", "subtype": "thread_broadcast"}, ("1.0", True)),
        ({}, None),
        ({"thread_ts": "1.0", "text": "<@U2> why?"}, None),
        ({"channel": "D1", "bot_id": "B1"}, None),
        ({"channel": "D1", "subtype": "message_changed"}, None),
        ({"channel": "D1", "subtype": "bot_message"}, None),
        ({"channel": "D1", "hidden": True}, None),
        ({"channel": "D1", "user": BOT}, None),
        ({"channel": "D1", "user": None}, None),
        ({"type": "reaction_added", "channel": "D1"}, None),
    ],
)
def test_what_is_a_question_and_where_it_is_answered(changes: dict[str, Any], found: tuple[str, bool] | None) -> None:
    question = question_in(event(**changes), BOT, BOT_ID)
    assert (question and (question.thread_ts, question.is_follow_up)) == found


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U0BOT> Who &amp; why?", "Who & why?"),
        ("See <https://x.example/a?b=1|the page>", "See the page"),
        ("See <https://x.example>", "See https://x.example"),
        ("In <#C1|general> or <#C2>", "In #general or"),
        ("<!channel> <!subteam^S1|@experts> now", "@experts now"),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
        ("Ko je <@U2|ana>?\n\nI zašto?", "Ko je ? I zašto?"),
        ("", ""),
    ],
)
def test_slacks_notation_is_read_as_words(written: str, read: str) -> None:
    assert readable(written, BOT) == read


@UNTIMED
@given(st.text(alphabet=string.ascii_letters + "<>@!#|&; \n", max_size=80))
def test_no_notation_of_slacks_breaks_the_reading_or_leaves_a_mention(written: str) -> None:
    assert "<@U" not in readable(written.replace("@", "@U"))


@UNTIMED
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["type", "user", "channel", "ts", "text", "subtype", "thread_ts"]), inner)
        ),
        max_leaves=12,
    )
)
def test_no_shape_of_an_event_breaks_the_reading(wild: Any) -> None:
    for body in (
        {"event": wild},
        {"event": {"type": "message", "user": "U1", "channel": "D1", "ts": "1.0", "text": wild}},
    ):
        question = question_in(body, BOT, BOT_ID)
        assert question is None or question.thread_ts


def test_a_thread_is_told_from_what_one_person_asks_alone() -> None:
    assert thread_key("T1", "C1", "1.0") == "slack:T1:C1:1.0"
    assert is_private("U0ANA") and is_private("W0ANA") and not is_private("1700000001.000100")
