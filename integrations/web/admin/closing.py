"""The switch: while the desk is closed nobody can ask, and everybody reads why."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from integrations.accounts.errors import AccountsError
from integrations.web.admin.office import Office, TheOffice
from integrations.web.admin.parts import actions, button, facts, field, form, moment, words
from integrations.web.markup import element

router = APIRouter()
DONE = {
    "closed": "The desk is closed. Readers see your reason in place of an answer.",
    "open": "The desk answers again.",
}


@router.get("/switch")
async def switch(office: TheOffice, done: str = "") -> HTMLResponse:
    return await _shown(office, done=DONE.get(done))


@router.post("/switch/close")
async def close(office: TheOffice) -> Response:
    reason = (await office.form()).get("reason", "")
    try:
        await office.do(lambda: office.accounts.close_desk(reason, office.by))
    except AccountsError as error:
        return await _shown(office, problem=str(error), reason=reason)
    return office.back("/switch", "closed")


@router.post("/switch/open")
async def reopen(office: TheOffice) -> Response:
    await office.do(lambda: office.accounts.open_desk(office.by))
    office.watcher.wake()
    return office.back("/switch", "open")


async def _shown(
    office: Office, *, done: str | None = None, problem: str | None = None, reason: str = ""
) -> HTMLResponse:
    closed = await office.do(office.accounts.closed)
    written = reason or (closed.reason if closed is not None else "")
    area = element("textarea", {"id": "reason", "name": "reason", "rows": "3", "required": True}, written)
    hint = "Readers see it word for word, in the language you write it in: what happened, and when to come back."
    entered = field("reason", "Reason", area, hint)
    if closed is None:
        body = [
            words(
                "The desk answers. Closing it stops every question on the page, on Slack and through the API from the "
                "next one on; documents and what people asked before stay open to them. `migdesk ask` at the terminal "
                "goes on."
            ),
            form(office.address("/switch/close"), entered, actions(button("Close the desk", "danger"))),
        ]
    else:
        body = [
            element("blockquote", {"dir": "auto"}, closed.reason),
            facts("Closed since ", moment(closed.at)),
            form(office.address("/switch/open"), actions(button("Open the desk"))),
            form(office.address("/switch/close"), entered, actions(button("Change the reason", "secondary"))),
        ]
    title = "The desk is closed" if closed is not None else "The desk is open"
    return office.page(title, body, done=done, problem=problem)
