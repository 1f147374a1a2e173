"""Answers that helped nobody, newest first, and how each becomes a case that the desk is measured by."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from assistant.conversations.types import Feedback, Kept
from integrations.web.admin import texts
from integrations.web.admin.answer_view import answer_view
from integrations.web.admin.drafts import command, draft, file_name
from integrations.web.admin.gaps import ids_of
from integrations.web.admin.office import Office, TheOffice
from integrations.web.admin.overview import OUTCOMES, language_name
from integrations.web.admin.parts import (
    cluster,
    counted,
    empty,
    facts,
    folded,
    foreign,
    hidden,
    joined_form,
    moment,
    press,
    tag,
    words,
)
from integrations.web.markup import Markup, element

router = APIRouter()
_MOST = 200
REASONS = {
    "wrong": "wrong",
    "missing": "something is missing",
    "outdated": "out of date",
    "citation": "the source does not say so",
    "language": "language",
    "other": "another reason",
}
_QUEUES = (("open", "Not helpful"), ("handled", "Handled"), ("helpful", "Helpful"))
DONE = {"handled": "Marked as handled.", "open": "It is in the queue again."}


@router.get("/feedback")
async def feedback(office: TheOffice, queue: str = "open", done: str = "") -> HTMLResponse:
    chosen = queue if queue in dict(_QUEUES) else "open"
    return await _shown(office, chosen, done=DONE.get(done))


@router.post("/feedback/handled")
async def handled(office: TheOffice) -> Response:
    chosen = ids_of((await office.form()).get("ids", ""))
    await office.do(lambda: office.marks.set_aside("opinion", chosen))
    await office.audit("feedback.handled", " ".join(chosen))
    return office.back("/feedback", "handled")


@router.post("/feedback/open")
async def reopen(office: TheOffice) -> Response:
    chosen = ids_of((await office.form()).get("ids", ""))
    await office.do(lambda: office.marks.bring_back("opinion", chosen))
    await office.audit("feedback.reopened", " ".join(chosen))
    return office.back("/feedback", "open")


@router.post("/feedback/draft")
async def make_draft(office: TheOffice) -> Response:
    """The draft as a file. It holds the question, so it is made only where questions are shown."""
    chosen = ids_of((await office.form()).get("ids", ""))
    if not await office.shows_texts():
        return await _shown(office, "open", problem="A draft holds the question: have the questions shown first.")
    kept = await office.do(lambda: office.conversations.kept(chosen[0])) if chosen else None
    if kept is None or kept.question is None:
        return await _shown(office, "open", problem="This answer is no longer kept: texts are erased in time.")
    found = await office.do(lambda: _material(office, kept))
    await office.audit("feedback.draft", kept.id)
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(kept.id)}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found, media_type="application/yaml; charset=utf-8", headers=headers)


def _material(office: Office, kept: Kept) -> str:
    said = [opinion for one, opinion in office.conversations.feedback(helpful=False, limit=_MOST) if one.id == kept.id]
    turns = office.conversations.turns(kept.person, kept.thread)
    place = next((number for number, turn in enumerate(turns) if turn.kept.id == kept.id), 0)
    return draft(kept, said[0] if said else None, turns[:place])


async def _shown(office: Office, queue: str, *, done: str | None = None, problem: str | None = None) -> HTMLResponse:
    shown = await office.shows_texts()
    said = await office.do(lambda: office.conversations.feedback(helpful=queue == "helpful", limit=_MOST))
    aside = await office.do(lambda: office.marks.aside("opinion"))
    if queue != "helpful":
        said = [pair for pair in said if _is_handled(pair[1], aside) == (queue == "handled")]
    body = [
        words("What readers say of answers, newest first. A case made of it is a question the desk has to get right."),
        _queues(office, queue),
        texts.switch(office, shown, "/feedback"),
        _summary(said),
        element("ol", {"class": "cards"}, *(_opinion(office, kept, one, queue, shown) for kept, one in said))
        if said
        else empty("Nothing is waiting." if queue == "open" else "There is nothing here."),
    ]
    return office.page("Feedback", body, done=done, problem=problem)


def _queues(office: Office, chosen: str) -> Markup:
    links = [
        element(
            "a",
            {"href": office.address("/feedback", queue=name), "aria-current": "true" if name == chosen else None},
            said,
        )
        for name, said in _QUEUES
    ]
    return element("nav", {"class": "filters", "aria-label": "Which feedback"}, *links)


def _summary(said: Sequence[tuple[Kept, Feedback]]) -> Markup:
    reasons = Counter(REASONS.get(one.reason or "", "no reason given") for _, one in said)
    told = ", ".join(f"{name}: {count}" for name, count in reasons.most_common())
    return facts(f"{counted(len(said), 'opinion')}{f' ({told})' if told else ''}")


def _opinion(office: Office, kept: Kept, said: Feedback, queue: str, shown: bool) -> Markup:
    reason = REASONS.get(said.reason or "", "no reason given")
    told = facts(
        moment(said.at),
        f" · {language_name(kept.language)} · {kept.audience} · {kept.surface} · {_ended(kept)} · ",
        tag(reason, "" if said.helpful else "warn"),
    )
    title = foreign(kept.question or "", kept.language) if shown else "A question"
    parts: list[str] = [element("h2", {}, title), told]
    if shown and said.comment:
        parts.append(element("blockquote", {"dir": "auto"}, said.comment))
    if shown:
        parts.append(answer_view(kept))
    if queue != "helpful":
        parts.append(_to_do(office, kept, queue, shown))
    return element("li", {}, *parts)


def _to_do(office: Office, kept: Kept, queue: str, shown: bool) -> Markup:
    about = f"for the answer {kept.id}"
    if queue == "handled":
        return cluster(press(office.address("/feedback/open"), "Back to the queue", about=about, ids=kept.id))
    written = element("p", {}, "At the terminal: ", element("code", {}, command(kept.id)))
    case: list[str] = [written]
    if shown:
        case.append(press(office.address("/feedback/draft"), "Download the draft", about=about, ids=kept.id))
    made = folded("Make a draft case", *case)
    done = joined_form(
        office.address("/feedback/handled"), hidden("ids", kept.id), element("button", {"class": "small"}, "Handled")
    )
    return element("div", {"class": "to-do"}, made, done)


def _is_handled(said: Feedback, aside: Mapping[str, datetime]) -> bool:
    """What is said of an answer after it was dealt with comes up anew."""
    return said.answer_id in aside and said.at <= aside[said.answer_id]


def _ended(kept: Kept) -> str:
    return next((said for outcome, said in OUTCOMES.items() if outcome == kept.outcome), kept.outcome)
