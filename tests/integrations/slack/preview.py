"""Draws what people see in Slack, with real answers. Not a test.

``python -m tests.integrations.slack.preview DATA FOLDER``, DATA being a data directory with the starter library, prints
everything as text and writes ``preview.html`` into the folder.
"""

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.build import build_desk
from assistant.conversations.types import Escalation, Kept
from assistant.desk import Desk
from assistant.settings import load_settings
from assistant.types import Answer, Reader
from integrations.slack.answer_view import answer_view, question_view
from integrations.slack.escalation_views import ask_view, expert_card, reply_message, reply_view
from integrations.slack.home_view import HomeState, home_view
from integrations.slack.limits import broken_limits
from integrations.slack.rendering import answer_blocks, chosen_blocks, fallback_text
from integrations.slack.sources_view import sources_view
from integrations.slack.texts import suggested_prompts
from tests.integrations.slack.shown import as_page, as_text

_QUESTIONS = {
    "three sources": "How many irregular crossings were there on the Western Balkans route, and what is MARRI?",
    "disagreement": "What is the capacity of the centres under the Italy-Albania protocol?",
    "not covered": "What is the population of Iceland?",
    "Urdu": "ترانا میں آر جی آر ایس کے اجلاس میں کن وفود نے شرکت کی؟",
    "several readings": "How large is the quota for foreign workers?",
    "several readings in Serbian": "Koje delegacije su učestvovale na sastanku RGRS?",
    "Serbian": "Ko je otvorio sastanak RGRS u Beogradu?",
}


def main(data: Path, folder: Path) -> None:
    desk = build_desk(load_settings(), data=data, model=None)
    try:
        answers = {name: asyncio.run(_ask(desk, question)) for name, question in _QUESTIONS.items()}
        around = {name: _surroundings(desk, answer) for name, answer in answers.items()}
        catalogue = desk.base.catalogue
        library = catalogue.sources(Reader().audiences)
    finally:
        desk.base.close()
    pictures = {name: answer_blocks(answer, "a1", can_escalate=True) for name, answer in answers.items()}
    for name in ("several readings", "several readings in Serbian"):
        for user in (None, "U0ASKER11"):
            if answers[name].choices:
                pictures[f"{name}: chosen by {user}"] = chosen_blocks(answers[name], "a1", 1, user, can_escalate=True)
    views = {f"{name}: sources": sources_view(answers[name], around[name]) for name in ("disagreement", "Urdu")}
    views["shortcut: Urdu"] = answer_view(_QUESTIONS["Urdu"], answers["Urdu"], "a1")
    question = _QUESTIONS["several readings"]
    views["shortcut: several readings"] = answer_view(question, answers["several readings"], "a1")
    views["shortcut: disagreement"] = answer_view(_QUESTIONS["disagreement"], answers["disagreement"], "a1")
    for language in ("en", "ur"):
        prompts = tuple(suggested_prompts(library, language))
        state = HomeState(language, _kept(answers), len(library), "2026-06", "2026-07-01 06:00", prompts)
        views[f"home: {language}"] = home_view(state)
        views[f"ask a colleague: {language}"] = ask_view("a1", language)
    views["ask"] = question_view("en")
    claimed = replace(_ESCALATION, state="claimed", expert="slack:T1:U0EXPERT1")
    done = replace(claimed, state="answered", reply="There were 372,000 people.\n\nSee the statistics office.")
    question, answer = _QUESTIONS["not covered"], answers["disagreement"]
    pictures["experts: open"] = expert_card(_ESCALATION, question, None, "https://example.slack.com/archives/C1/p1")
    pictures["experts: claimed"] = expert_card(claimed, question, answer, "https://example.slack.com/archives/C1/p1")
    pictures["experts: answered"] = expert_card(done, question, answer, None)
    pictures["relayed"] = reply_message(done, question, "en")
    views["experts: reply"] = reply_view(claimed)
    everything = pictures | views
    for name, shown in everything.items():
        print(f"\n=== {name} {broken_limits(shown) or 'within the limits'}\n{as_text(shown)}")
    print(f"\n=== fallback text\n{fallback_text(answers['disagreement'])}")
    (folder / "preview.html").write_text(as_page(everything), encoding="utf-8")


_ASKED_AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
_NOTE = "I need it for a briefing."
_ESCALATION = Escalation("e1", "a1", "slack:T1:U0ASKER11", _NOTE, "open", None, None, None, _ASKED_AT)


async def _ask(desk: Desk, question: str) -> Answer:
    return await desk.ask(question, (), Reader())


def _kept(answers: dict[str, Answer]) -> list[Kept]:
    return [
        Kept("k", "t", "slack", "p", "public", "en", _QUESTIONS[name], answer, _ASKED_AT, answer.outcome.value)
        for name, answer in answers.items()
    ]


def _surroundings(desk: Desk, answer: Answer) -> dict[str, str]:
    found = {}
    for sentence in answer.sentences:
        for citation in sentence.citations:
            document = desk.base.catalogue.document(citation.document_id, Reader().audiences, citation.version)
            if document is not None:
                found[citation.passage_id] = document.text
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
