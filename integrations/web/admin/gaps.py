"""Questions that nobody could answer, grouped by meaning: what a document is missing for."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from assistant.conversations.types import Kept
from assistant.types import Outcome
from integrations.operators.watches import SURFACES, Watch
from integrations.web.admin import texts
from integrations.web.admin.grouping import grouped
from integrations.web.admin.meanings import Meanings
from integrations.web.admin.office import Office, TheOffice, Told
from integrations.web.admin.overview import language_name
from integrations.web.admin.parts import (
    cluster,
    counted,
    day,
    empty,
    facts,
    folded,
    foreign,
    link,
    moment,
    press,
    section,
    tag,
    words,
)
from integrations.web.markup import Markup, element

router = APIRouter()
_MOST = 300
_MISSING = "missing"
_ID = re.compile(r"[A-Za-z0-9_-]{10,40}")
DONE = {
    "watched": "The desk asks these questions again whenever the documents change, and tells who asked.",
    "unwatched": "These questions are not asked again.",
    "aside": "Set aside. Nobody was told; a new question like it comes up here again.",
    "again": "The questions under watch are being asked again.",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions with one meaning, newest first."""

    kept: tuple[Kept, ...]

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.kept]

    @property
    def joined_ids(self) -> str:
        return " ".join(self.ids)


@router.get("/gaps")
async def gaps(office: TheOffice, done: str = "") -> HTMLResponse:
    return await _shown(office, done=DONE.get(done))


@router.post("/gaps/watch")
async def watch(office: TheOffice) -> Response:
    chosen = ids_of((await office.form()).get("ids", ""))
    await office.do(lambda: office.watches.watch(chosen))
    await office.audit("gap.watched", counted(len(chosen), "question"))
    office.watcher.wake()
    return office.back("/gaps", "watched")


@router.post("/gaps/unwatch")
async def unwatch(office: TheOffice) -> Response:
    chosen = ids_of((await office.form()).get("ids", ""))
    await office.do(lambda: office.watches.unwatch(chosen))
    await office.audit("gap.unwatched", counted(len(chosen), "question"))
    return office.back("/gaps", "unwatched")


@router.post("/gaps/aside")
async def aside(office: TheOffice) -> Response:
    chosen = ids_of((await office.form()).get("ids", ""))
    await office.do(lambda: office.marks.set_aside("gap", chosen))
    await office.audit("gap.set_aside", counted(len(chosen), "question"))
    return office.back("/gaps", "aside")


@router.post("/gaps/again")
async def again(office: TheOffice) -> Response:
    office.watcher.wake()
    return office.back("/gaps", "again")


def ids_of(text: str) -> list[str]:
    """Ids of answers with spaces between them; what is none is left out."""
    return [part for part in text.split()[:_MOST] if _ID.fullmatch(part)]


async def found_gaps(office: Office) -> list[Gap]:
    """Open ones, the one that was asked most first."""
    kept = await office.do(lambda: _open(office))
    meanings: Meanings = office.request.app.state.meanings
    questions = {one.id: one.question or "" for one in kept}
    return await office.do(
        lambda: [Gap(tuple(kept[place] for place in group)) for group in grouped(meanings.of(questions))]
    )


def _open(office: Office) -> list[Kept]:
    """Newest first: what the documents did not cover, and what readers say is missing from an answer."""
    since = datetime.now(UTC) - timedelta(days=office.conversations.keep_days)
    kept = [one for one in office.conversations.unanswered(since, _MOST) if one.outcome == Outcome.NOT_COVERED]
    said = office.conversations.feedback(helpful=False, limit=_MOST)
    missing = [one for one, opinion in said if opinion.reason == _MISSING]
    gone = {*office.marks.aside("gap"), *(one.answer_id for one in office.watches.watched() if one.again_at)}
    every = {one.id: one for one in (*kept, *missing) if one.question and one.id not in gone}
    return sorted(every.values(), key=lambda one: one.asked_at, reverse=True)[:_MOST]


async def _shown(office: Office, done: str | None = None) -> HTMLResponse:
    shown = await office.shows_texts()
    try:
        found, problem = await found_gaps(office), None
    except Told as error:
        found, problem = [], str(error)
    watched = await office.do(lambda: office.watches.is_watched([one for gap in found for one in gap.ids]))
    since = [one for one in await office.do(office.watches.watched) if one.again_at is not None]
    body = [
        words(
            "What the documents did not cover, and answers of which readers said that something is missing. Questions "
            "that mean the same stand together, whatever their language."
        ),
        texts.switch(office, shown, "/gaps"),
        element("ol", {"class": "cards gaps"}, *(_gap(office, gap, watched, shown) for gap in found))
        if found
        else empty("Nothing is open."),
    ]
    if watched:
        told = f"{counted(len(watched), 'question')} under watch. They are asked again when the documents change. "
        body.append(cluster(facts(told), press(office.address("/gaps/again"), "Ask them now")))
    if since:
        body.append(await _answered(office, since, shown))
    return office.page("What nobody could answer", body, done=done, problem=problem)


def _gap(office: Office, gap: Gap, watched: frozenset[str], shown: bool) -> Markup:
    first, *others = gap.kept
    languages = Counter(language_name(one.language) for one in gap.kept)
    on_slack = sum(one.surface not in SURFACES for one in gap.kept)
    told = f"{counted(len(gap.kept), 'question')} in {', '.join(languages)}"
    said = [
        *([told, " · "] if shown else []),
        "newest ",
        day(first.asked_at),
        f" · readers: {', '.join(sorted({one.audience for one in gap.kept}))}",
        *([f" · {on_slack} on Slack, where nobody is told by themselves"] if on_slack else []),
    ]
    title = foreign(first.question or "", first.language) if shown else told
    count = sum(one in watched for one in gap.ids)
    marks = [tag(f"watched {count} of {len(gap.kept)}", "good")] if count else []
    parts: list[str] = [element("h2", {}, title), facts(*said, *([" · ", *marks] if marks else []))]
    if shown and others:
        items = [element("li", {}, foreign(one.question or "", one.language)) for one in others]
        parts.append(folded("The other questions", element("ul", {}, *items)))
    about = f"for the gap of {counted(len(gap.kept), 'question')}, newest {first.asked_at.date()}"
    unseen = element("span", {"class": "unseen"}, f" {about}")
    add = link(office.address("/documents/upload", gap=first.id), "Add a document", unseen, **{"class": "button small"})
    if count < len(gap.kept) - on_slack:
        mark = press(office.address("/gaps/watch"), "Notify when answered", about=about, ids=gap.joined_ids)
    elif count:
        mark = press(office.address("/gaps/unwatch"), "Do not ask again", about=about, ids=gap.joined_ids)
    else:
        mark = Markup("")
    put = press(office.address("/gaps/aside"), "Set aside", about=about, ids=gap.joined_ids)
    return element("li", {}, *parts, cluster(add, mark, put))


async def _answered(office: Office, since: Sequence[Watch], shown: bool) -> Markup:
    """Where the loop has closed: the document came, and who asked has an answer."""
    items = []
    kepts = await office.do(lambda: [office.conversations.kept(one.again_id or "") for one in since])
    for one, kept in zip(since, kepts, strict=True):
        said = facts(
            "answered since ",
            moment(one.again_at),
            " · ",
            "seen by who asked" if one.opened_at else "not seen yet by who asked",
        )
        if shown and kept is not None and kept.answer is not None:
            question = foreign(kept.question or "", kept.language)
            answer = folded("The answer", element("p", {"dir": "auto"}, kept.answer.text))
            items.append(element("li", {}, element("h3", {}, question), said, answer))
        else:
            items.append(element("li", {}, said))
    return section("Answered since", element("ul", {"class": "cards"}, *items), identifier="answered")
