"""The page around every page: head, masthead, navigation, language, footer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from assistant.message_files import MessageFiles
from integrations.web.identity import Asker, TheAsker
from integrations.web.languages import COOKIE, Language, chosen_language
from integrations.web.markup import Markup, element

_FILES = MessageFiles("integrations.web")


@dataclass(frozen=True, slots=True)
class Shell:
    """What a page needs to know of its reader. ``root`` is the path under which the desk is served, ``path`` the page's
    own address below it."""

    root: str
    path: str
    language: Language
    asker: Asker

    def text(self, key: str, **values: object) -> str:
        """Words of the shell's own."""
        return _FILES.message(key, self.language.code, **values)


async def shell_of(request: Request, asker: TheAsker) -> Shell:
    language = chosen_language(
        request.query_params.get("lang"),
        request.cookies.get(COOKIE),
        request.headers.get("accept-language", ""),
    )
    root = str(request.scope.get("root_path", "")).rstrip("/")
    return Shell(root, request.url.path.removeprefix(root), language, asker)


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
) -> HTMLResponse:
    """A whole page. ``scripts`` and ``styles`` are names in ``static``; ``data`` reaches the script as JSON, by the
    name of each entry as the element's id."""
    name = shell.text("page.name")
    links = [element("a", {"href": f"{shell.root}/library"}, shell.text("nav.library"))]
    head = [
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Markup('<meta name="color-scheme" content="light dark">'),
        element("title", {}, f"{title} · {name}" if title != name else name),
        *(_style(shell, style) for style in ("style.css", *styles)),
        *(element("script", {"type": "module", "src": f"{shell.root}/static/{script}"}) for script in scripts),
    ]
    content = element(
        "div",
        {"class": "page"},
        element("a", {"class": "skip", "href": "#content"}, shell.text("page.skip")),
        element(
            "header",
            {"class": "masthead"},
            element("p", {"class": "name"}, element("a", {"href": f"{shell.root}/"}, name)),
            element("nav", {"aria-label": shell.text("nav.label")}, *links),
        ),
        element("main", {"id": "content"}, *body),
        element("footer", {}, element("p", {}, shell.text("page.footer"))),
    )
    blocks = [_data(identifier, value) for identifier, value in (data or {}).items()]
    html = element(
        "html",
        {"lang": shell.language.code, "dir": shell.language.direction},
        element("head", {}, *head),
        element("body", {}, content, *blocks),
    )
    return HTMLResponse(f"<!doctype html>\n{html}", status_code=status, headers={"Cache-Control": "no-store"})


def _style(shell: Shell, name: str) -> Markup:
    return Markup(element("link", {"rel": "stylesheet", "href": f"{shell.root}/static/{name}"}).removesuffix("</link>"))


def _data(identifier: str, value: Any) -> Markup:
    """JSON that cannot end its element early."""
    written = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(f'<script type="application/json" id="{identifier}">{written}</script>')
