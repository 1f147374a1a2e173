"""The questions themselves: hidden until an operator has them shown, for an hour of their session, and noted."""

from fastapi import APIRouter
from fastapi.responses import Response

from integrations.web.admin.office import Office, TheOffice
from integrations.web.admin.parts import hidden, joined_form
from integrations.web.markup import Markup, element

router = APIRouter()
_BACK = ("", "/gaps", "/feedback")


def switch(office: Office, shown: bool, here: str) -> Markup:
    """The button that shows or hides them, with what it does in a line."""
    if not office.operator.session:
        return element("p", {"class": "facts"}, "A key never sees what people asked.")
    if shown:
        told, label, path = "Questions are shown in this session for up to an hour. ", "Hide questions", "/texts/hide"
    else:
        told, label, path = (
            "Questions are hidden. Showing them for an hour is noted in the audit. ",
            "Show questions",
            "/texts/show",
        )
    button = element("button", {"class": "secondary small"}, label)
    return joined_form(office.address(path), element("span", {"class": "facts"}, told), hidden("back", here), button)


@router.post("/texts/show")
async def show(office: TheOffice) -> Response:
    form = await office.form()
    if office.operator.session:
        await office.audit("texts.shown")
        await office.do(lambda: office.marks.show_texts(office.operator.session))
    return office.back(_back(form))


@router.post("/texts/hide")
async def hide(office: TheOffice) -> Response:
    form = await office.form()
    if office.operator.session:
        await office.do(lambda: office.marks.hide_texts(office.operator.session))
        await office.audit("texts.hidden")
    return office.back(_back(form))


def _back(form: dict[str, str]) -> str:
    """One of our own pages, whatever the form says."""
    return next((path for path in _BACK if path == form.get("back")), "")
