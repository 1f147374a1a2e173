"""The page around every page: head, masthead, navigation, language, footer."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from assistant.message_files import MessageFiles
from assistant.written_dates import written_date
from integrations.web.identity import Asker, TheAsker, looked_up
from integrations.web.languages import COOKIE, ENGLISH, LANGUAGES, SHORT_NAMES, Language, chosen_language, language_for
from integrations.web.markup import Markup, element, web_link

_FILES = MessageFiles("integrations.web")
_CHOICE_SECONDS = 365 * 24 * 3600
_IN_ADDRESS = "lang"
# Where each part of the desk begins, and what else belongs to it.
_PARTS = {
    "ask": ("/", ("/ask",)),
    "history": ("/history", ("/conversations/",)),
    "library": ("/library", ("/library/",)),
    "admin": ("/admin", ("/admin/",)),
}


@dataclass(frozen=True, slots=True)
class Shell:
    """What a page needs to know of its reader. ``root`` is the path under which the desk is served, ``path`` the page's
    own address below it, ``query`` what else stands in it but for the language; ``chosen`` the language where the
    address names it; ``closed`` the operator's reason while no questions are taken."""

    root: str
    path: str
    language: Language
    asker: Asker
    query: tuple[tuple[str, str], ...] = ()
    chosen: str | None = None
    closed: str | None = None

    def text(self, key: str, **values: object) -> str:
        """Words of the shell's own."""
        return _FILES.message(key, self.language.code, **values)

    def date(self, published: str | None) -> Markup:
        """A source's date in the reader's words."""
        if not published:
            return element("span", {}, self.text("page.undated"))
        return element("time", {"datetime": published}, written_date(published, self.language.code))

    def day_in_words(self, moment: datetime) -> str:
        """The day of a moment, in UTC."""
        return written_date(moment.astimezone(UTC).date().isoformat(), self.language.code)

    def day(self, moment: datetime) -> Markup:
        """The same as an element."""
        return self.date(moment.astimezone(UTC).date().isoformat())

    def original(self, address: str | None) -> Markup | None:
        """A link to an original publication, where its address is one that is safe to follow."""
        return web_link(address, lambda host: self.text("page.original", host=host))


async def shell_of(request: Request, asker: TheAsker) -> Shell:
    asked = request.query_params.get(_IN_ADDRESS)
    accepted = request.headers.get("accept-language", "")
    root = str(request.scope.get("root_path", "")).rstrip("/")
    accounts = getattr(request.app.state, "accounts", None)
    closed = await looked_up(accounts.closed) if accounts is not None else None
    return Shell(
        root=root,
        path=request.url.path.removeprefix(root),
        language=chosen_language(asked, request.cookies.get(COOKIE), accepted),
        asker=asker,
        query=tuple((name, value) for name, value in request.query_params.multi_items() if name != _IN_ADDRESS),
        chosen=language_for(asked) if asked else None,
        closed=closed.reason if closed is not None else None,
    )


TheShell = Annotated[Shell, Depends(shell_of)]


def page(
    shell: Shell,
    *,
    title: str,
    body: Sequence[str],
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
    data: Mapping[str, Any] | None = None,
    status: int = 200,
    at: str | None = None,
) -> HTMLResponse:
    """A whole page. ``scripts`` and ``styles`` are names in ``static``; ``data`` reaches the script as JSON, by the
    name of each entry as the element's id; ``at`` is the page's address below the root where its own leads nowhere
    by itself, as that of a form."""
    name = shell.text("page.name")
    head = [
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup('<meta name="color-scheme" content="light dark">'),
        element("meta", {"name": "description", "content": shell.text("page.tagline")}),
        element("title", {}, f"{title} · {name}" if title != name else name),
        *(element("link", {"rel": "stylesheet", "href": f"{shell.root}/static/{s}"}) for s in ("style.css", *styles)),
        *(element("script", {"type": "module", "src": f"{shell.root}/static/{script}"}) for script in scripts),
    ]
    content = element(
        "div",
        {"class": "page"},
        element("a", {"class": "skip", "href": "#content"}, shell.text("page.skip")),
        _masthead(shell, name, at, is_lost=status >= 400),
        element("main", {"id": "content", "tabindex": "-1"}, *_banner(shell), *body),
        _footer(shell),
    )
    blocks = [_data(identifier, value) for identifier, value in (data or {}).items()]
    html = element(
        "html",
        {"lang": shell.language.code, "dir": shell.language.direction},
        element("head", {}, *head),
        element("body", {}, content, *blocks),
    )
    response = HTMLResponse(f"<!doctype html>\n{html}", status_code=status, headers={"Cache-Control": "no-store"})
    if shell.chosen is not None:
        response.set_cookie(COOKIE, shell.chosen, max_age=_CHOICE_SECONDS, secure=True, httponly=True, samesite="lax")
    return response


def _masthead(shell: Shell, name: str, at: str | None, is_lost: bool) -> Markup:
    parts = [element("p", {"class": "name"}, element("a", {"href": f"{shell.root}/"}, name))]
    if links := list(_parts(shell)):
        parts.append(element("nav", {"aria-label": shell.text("nav.label")}, *links))
    who = _account(shell) if shell.asker.is_signed_in else _sign_in(shell, at, is_lost)
    parts.append(element("div", {"class": "who"}, _languages(shell, at), who))
    return element("header", {"class": "masthead"}, *parts)


def _parts(shell: Shell) -> Iterator[Markup]:
    """The links to what this reader may open."""
    for part, (address, others) in _PARTS.items():
        if not shell.asker.scopes or (part == "admin" and not shell.asker.is_operator):
            continue
        is_within = shell.path.startswith(others) or shell.path == address
        current = "page" if shell.path == address else "true" if is_within else None
        yield element("a", {"href": shell.root + address, "aria-current": current}, shell.text(f"nav.{part}"))


def _languages(shell: Shell, at: str | None) -> Markup:
    """Every language by its own name; each link leads to this page in it."""
    own, short = LANGUAGES[shell.language.code], SHORT_NAMES[shell.language.code]
    spoken = element("span", {"class": "unseen"}, f"{shell.text('page.language')}: {own}")
    summary = element("summary", {}, spoken, element("span", {"aria-hidden": "true"}, short))
    items = []
    for code, own_name in LANGUAGES.items():
        # An address of the query alone keeps the path, whatever it holds.
        query = urlencode([*([] if at is not None else shell.query), (_IN_ADDRESS, code)])
        address = f"?{query}" if at is None else f"{shell.root}{at}?{query}"
        language = Language(code)
        current = "true" if language == shell.language else None
        attributes = {"href": address, "lang": code, "dir": language.direction, "hreflang": code}
        items.append(element("li", {}, element("a", {**attributes, "aria-current": current}, own_name)))
    return element("details", {"class": "menu languages"}, summary, element("ul", {}, *items))


def _sign_in(shell: Shell, at: str | None, is_lost: bool) -> Markup:
    """It leads back to here, unless there is nothing here."""
    here = at or shell.path
    query = f"?next={quote(here, safe='/')}" if not is_lost and here.startswith("/") and here != "/sign-in" else ""
    return element("a", {"href": f"{shell.root}/sign-in{query}"}, shell.text("nav.sign_in"))


def _account(shell: Shell) -> Markup:
    label, _, delegation = shell.asker.audience.partition(":")
    audience = shell.text(f"account.{label}") + (f" ({delegation})" if delegation else "")
    leave = element(
        "form",
        {"method": "post", "action": f"{shell.root}/sign-out"},
        element("button", {"class": "plain"}, shell.text("nav.sign_out")),
    )
    return element(
        "details",
        {"class": "menu account"},
        element("summary", {}, element("bdi", {}, shell.asker.name)),
        element("p", {"class": "facts"}, shell.text("account.reads", audience=audience)),
        element("ul", {}, element("li", {}, leave)),
    )


def _banner(shell: Shell) -> list[Markup]:
    if shell.closed is None:
        return []
    words = shell.text("closed.reason", reason=shell.closed)
    return [element("p", {"class": "notice closed", "role": "note"}, words)]


def _footer(shell: Shell) -> Markup:
    parts = [element("p", {}, shell.text("page.footer"))]
    if shell.language.code != ENGLISH:
        parts.append(element("p", {}, shell.text("page.translated")))
    privacy = element("a", {"href": f"{shell.root}/privacy"}, shell.text("nav.privacy"))
    return element("footer", {}, *parts, element("p", {}, privacy))


def _data(identifier: str, value: Any) -> Markup:
    """JSON that cannot end its element early."""
    written = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(f'<script type="application/json" id="{identifier}">{written}</script>')
