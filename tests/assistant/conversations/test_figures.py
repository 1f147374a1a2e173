"""Figures on how much was asked and how it ended."""

from datetime import UTC, date, datetime, timedelta

from assistant.conversations.store import Conversations
from assistant.conversations.types import Usage
from tests.assistant.conversations.made import asked, refusal


def test_usage_is_counted_by_day_surface_audience_language_and_outcome(memory: Conversations) -> None:
    memory.keep(asked())
    memory.keep(asked(person="bo"))
    memory.keep(asked(language="sr", surface="slack", audience="staff", answer=refusal()))
    today = datetime.now(UTC).date()

    assert memory.usage(today) == [
        Usage(today, "slack", "staff", "sr", "NOT_COVERED", 1),
        Usage(today, "web", "public", "en", "ANSWERED", 2),
    ]
    assert memory.usage(today + timedelta(days=1)) == []


def test_holdings_count_what_is_there(memory: Conversations) -> None:
    assert (memory.holdings().questions, memory.holdings().oldest) == (0, None)
    first, second = memory.keep(asked()), memory.keep(asked())
    memory.rate(first, "bo", True)
    memory.rate(second, "bo", False)
    memory.rate(second, "cy", False)
    memory.claim(memory.escalate(first, "ana", "?").id, "eva")

    held = memory.holdings()

    assert (held.questions, held.erased, held.oldest) == (2, 0, datetime.now(UTC).date())
    assert (held.helpful, held.not_helpful, held.escalations) == (1, 2, {"claimed": 1})
    assert isinstance(held.oldest, date)
