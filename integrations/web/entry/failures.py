"""A failure as a page, for people who follow a link that leads nowhere or meet a limit."""

from fastapi import Request, Response

from assistant.conversations.errors import ConversationsError
from integrations.web.entry.words import words
from integrations.web.errors import ApiError, Told
from integrations.web.identity import NOBODY, anyone_of
from integrations.web.languages import COOKIE, chosen_language
from integrations.web.markup import element
from integrations.web.shell import Shell, page, shell_of

# Code → words. Another code is told by its status; what it says itself is shown where it is about what was sent.
_SAID = {
    "not_found": "missing",
    "http_404": "missing",
    "closed": "closed",
    "busy": "busy",
    "starting": "busy",
    "too_many_questions": "too_many",
    "too_many_streams": "too_many",
    "too_fast": "too_many",
    "no_model_left": "too_many",
    "unavailable": "unavailable",
    "other_site": "other_site",
    "http_413": "too_large",
}
_ABOUT_WHAT_WAS_SENT = {"invalid_question", "invalid_request", "closed"}


async def error_page(request: Request, told: Told) -> Response:
    """What ``errors.install`` shows to who reads pages."""
    shell = await _shell(request)
    name = _SAID.get(told.code, "failed" if told.status >= 500 else "refused")
    title = words(shell, f"error.{name}_title")
    body = [element("h1", {}, title), element("p", {}, words(shell, f"error.{name}"))]
    if told.code in _ABOUT_WHAT_WAS_SENT:
        body.append(element("p", {"dir": "auto"}, told.text))
    if told.reference is not None:
        body.append(element("p", {"class": "facts"}, words(shell, "error.reference", reference=told.reference)))
    body.append(element("p", {}, element("a", {"href": f"{shell.root}/"}, words(shell, "error.home"))))
    return page(shell, title=title, body=body, status=told.status)


async def _shell(request: Request) -> Shell:
    try:
        return await shell_of(request, await anyone_of(request))
    except (ApiError, ConversationsError):
        # The page does without knowing who reads it.
        root = str(request.scope.get("root_path", "")).rstrip("/")
        accepted = request.headers.get("accept-language", "")
        language = chosen_language(request.query_params.get("lang"), request.cookies.get(COOKIE), accepted)
        return Shell(root, request.url.path.removeprefix(root), language, NOBODY)
