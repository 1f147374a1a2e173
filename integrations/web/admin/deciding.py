"""What operators decide about a document: who may see it, its dates, what takes its place, and that it is withdrawn.
Each is kept with who and when, and holds from the next question on."""

import re
from collections.abc import Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import Response

from integrations.web.admin.decision_forms import LONGEST_REASON
from integrations.web.admin.document_view import document_page
from integrations.web.admin.office import Office, TheOffice, Told
from knowledge.decisions import DATES, Decisions
from knowledge.errors import InvalidDecision

router = APIRouter()
_VERSION = re.compile("[0-9]{1,9}")
DONE = {
    "relabelled": "Its audience holds from the next question on, for every version.",
    "dated": "Its dates hold from the next question on.",
    "superseded": "The other document takes its place.",
    "withdrawn": "It is withdrawn: nobody sees it from the next question on.",
    "reinstated": "It is back.",
}


@router.post("/document/relabel")
async def relabel(office: TheOffice) -> Response:
    sent = await office.form()
    identifier, audience = sent.get("id", ""), sent.get("audience", "")
    return await _decide(
        office, identifier, "relabelled", lambda made, who: made.relabel(who, identifier, audience), audience
    )


@router.post("/document/date")
async def date(office: TheOffice) -> Response:
    sent = await office.form()
    identifier = sent.get("id", "")

    def decide(made: Decisions, who: str) -> None:
        version = int(sent["version"]) if _VERSION.fullmatch(sent.get("version", "")) else 0
        catalogue = office.desk.base.catalogue
        known = catalogue.dates(identifier, catalogue.info(identifier, version).version)
        given = {name: sent[name].strip() or None for name in DATES if name in sent}
        changed = {name: day for name, day in given.items() if day != known.get(name)}
        if not changed:
            raise InvalidDecision("No date was changed.")
        made.date(who, identifier, version, **changed)

    return await _decide(office, identifier, "dated", decide)


@router.post("/document/supersede")
async def supersede(office: TheOffice) -> Response:
    sent = await office.form()
    identifier, successor, since = sent.get("id", ""), sent.get("successor", "").strip(), sent.get("since", "").strip()
    return await _decide(
        office,
        identifier,
        "superseded",
        lambda made, who: made.supersede(who, identifier, successor, since or None),
        successor,
    )


@router.post("/document/withdraw")
async def withdraw(office: TheOffice) -> Response:
    sent = await office.form()
    identifier = sent.get("id", "")
    return await _decide(
        office, identifier, "withdrawn", lambda made, who: made.withdraw(who, identifier, _reason(sent))
    )


@router.post("/document/reinstate")
async def reinstate(office: TheOffice) -> Response:
    sent = await office.form()
    identifier = sent.get("id", "")
    return await _decide(
        office, identifier, "reinstated", lambda made, who: made.reinstate(who, identifier, _reason(sent))
    )


async def _decide(
    office: Office, identifier: str, what: str, decide: Callable[[Decisions, str], None], detail: str = ""
) -> Response:
    base = office.desk.base
    try:
        await office.do(lambda: decide(Decisions(base.directory, base.chroma_url), decider(office)))
    except Told as error:
        return await document_page(office, identifier, problem=str(error))
    await office.audit(f"document.{what}", f"{identifier} {detail}".strip())
    # What was hidden may answer somebody now.
    office.watcher.wake()
    return office.back("/document", what, id=identifier)


def decider(office: Office) -> str:
    """Who decides, by the name that colleagues know; the audit holds the account."""
    return office.operator.name or office.by


def _reason(sent: Mapping[str, str]) -> str:
    reason = " ".join(sent.get("reason", "").split())[:LONGEST_REASON]
    if not any(character.isalnum() for character in reason):
        raise InvalidDecision("Give a reason: it is kept with the decision.")
    return reason
