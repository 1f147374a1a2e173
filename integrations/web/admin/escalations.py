"""Questions that readers handed on to a person: taken up here, answered here, read in the asker's conversation."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from assistant.conversations.types import Escalation, Kept
from integrations.operators.watches import SURFACES
from integrations.web.admin.answer_view import answer_view
from integrations.web.admin.office import Office, TheOffice
from integrations.web.admin.overview import language_name
from integrations.web.admin.parts import (
    actions,
    button,
    counted,
    empty,
    facts,
    field,
    folded,
    foreign,
    form,
    hidden,
    moment,
    press,
    section,
    tag,
    words,
)
from integrations.web.markup import Markup, element

router = APIRouter()
_LONGEST = 4000
_STATES = {"open": "nobody has it yet", "claimed": "taken up", "answered": "answered", "relayed": "answered"}
DONE = {"claimed": "It is yours to answer.", "answered": "Your answer stands in the asker's conversation now."}
_GONE = "Somebody else has it, it is answered already, or it was erased."


@router.get("/escalations")
async def escalations(office: TheOffice, done: str = "") -> HTMLResponse:
    return await _shown(office, done=DONE.get(done))


@router.post("/escalations/claim")
async def claim(office: TheOffice) -> Response:
    identifier = (await office.form()).get("id", "")
    if not await office.do(lambda: _is_ours(office, identifier)):
        return await _shown(office, problem=_GONE)
    if await office.do(lambda: office.conversations.claim(identifier, office.by)) is None:
        return await _shown(office, problem=_GONE)
    await office.audit("escalation.claimed", identifier)
    return office.back("/escalations", "claimed")


@router.post("/escalations/reply")
async def reply(office: TheOffice) -> Response:
    sent = await office.form()
    identifier, text = sent.get("id", ""), sent.get("reply", "").strip()
    if not any(character.isalnum() for character in text) or len(text) > _LONGEST:
        return await _shown(office, problem=f"Write an answer of {_LONGEST:,} characters or fewer.", written=sent)
    if not await office.do(lambda: _is_ours(office, identifier)):
        return await _shown(office, problem=_GONE, written=sent)
    if await office.do(lambda: office.conversations.reply(identifier, office.by, text)) is None:
        return await _shown(office, problem=_GONE, written=sent)
    # It stands in the conversation at once, so from here on it is told and changes no more.
    await office.do(lambda: office.conversations.relayed(identifier))
    await office.audit("escalation.answered", identifier)
    return office.back("/escalations", "answered")


def _is_ours(office: Office, identifier: str) -> bool:
    """What was handed on in Slack is answered there, and told there."""
    found = office.conversations.escalation(identifier)
    kept = office.conversations.kept(found.answer_id) if found is not None else None
    return kept is not None and kept.surface in SURFACES


async def _shown(
    office: Office,
    *,
    done: str | None = None,
    problem: str | None = None,
    written: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """``written``: what an operator wrote that could not be sent; it is not lost."""
    every = await office.do(office.conversations.escalations)
    kepts = await office.do(lambda: {one.answer_id: office.conversations.kept(one.answer_id) for one in every})
    names = {account.person: account.name for account in await office.do(office.accounts.accounts)}
    waiting = [one for one in every if one.state in ("open", "claimed")]
    told = [one for one in reversed(every) if one.state in ("answered", "relayed")]

    def shown(listed: Sequence[Escalation]) -> Markup:
        items = [_escalation(office, one, kepts[one.answer_id], names, written or {}) for one in listed]
        return element("ol", {"class": "cards"}, *items)

    body = [
        words(
            "Readers sent these to a person, with the question and the answer. Your reply goes into their conversation."
        ),
        section("Waiting", shown(waiting) if waiting else empty("Nobody is waiting.")),
    ]
    if told:
        body.append(section("Answered", folded(counted(len(told), "question"), shown(told))))
    return office.page("Questions for a colleague", body, done=done, problem=problem)


def _escalation(
    office: Office, one: Escalation, kept: Kept | None, names: Mapping[str, str], written: Mapping[str, str]
) -> Markup:
    question = (
        foreign(kept.question or "", kept.language) if kept is not None and kept.question else "An erased question"
    )
    is_read_by_a_person = bool(office.operator.session)
    known = f" · {language_name(kept.language)} · {kept.audience} · {kept.surface}" if kept is not None else ""
    by = _expert(office, one, names)
    state = tag(_STATES[one.state] + by, "warn" if one.state == "open" else "good" if one.reply else "")
    parts: list[str] = [
        element("h3", {}, question if is_read_by_a_person else "A question"),
        facts(moment(one.at), f" · {_asker(one.person, names)}{known} · ", state),
    ]
    if not is_read_by_a_person:
        return element("li", {}, *parts)
    if one.note.strip():
        parts.append(element("blockquote", {"dir": "auto"}, one.note))
    if kept is not None:
        parts.append(answer_view(kept, "What the desk answered"))
    if one.reply:
        parts += [facts("The reply"), element("blockquote", {"dir": "auto"}, one.reply)]
    elif kept is None or kept.surface not in SURFACES:
        parts.append(facts("It came from Slack: it is taken up and answered in the experts' channel."))
    elif one.expert in (None, office.by):
        parts.append(_to_do(office, one, written.get("reply", "") if written.get("id") == one.id else ""))
    return element("li", {}, *parts)


def _to_do(office: Office, one: Escalation, written: str) -> Markup:
    identifier = f"reply-{one.id}"
    text = element(
        "textarea", {"id": identifier, "name": "reply", "rows": "5", "required": True, "dir": "auto"}, written
    )
    writing = form(
        office.address("/escalations/reply"),
        hidden("id", one.id),
        field("reply", "Your answer", text, "The asker reads it as it stands. Please name your source.", identifier),
        actions(button("Send the answer")),
    )
    folded_form = folded("Write the answer", writing, is_open=bool(written) or one.state == "claimed")
    claiming = (
        [press(office.address("/escalations/claim"), "I will answer this", id=one.id)] if one.state == "open" else []
    )
    return element("div", {"class": "to-do"}, folded_form, *claiming)


def _expert(office: Office, one: Escalation, names: Mapping[str, str]) -> str:
    if one.expert is None:
        return ""
    return " by you" if one.expert == office.by else f" by {names.get(one.expert, 'a colleague')}"


def _asker(person: str, names: Mapping[str, str]) -> str:
    kind = person.partition(":")[0]
    return names.get(person) or {"visitor": "a visitor", "key": "a program", "slack": "on Slack"}.get(kind, "somebody")
