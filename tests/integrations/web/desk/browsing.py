"""The page in Debian's Chromium, with an eye on what it asks for and complains of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
PHONE, DESKTOP, NARROW = (390, 844), (1280, 900), (320, 640)
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Debian's where there is one, else the one that `playwright install chromium` fetched.
        found = CHROMIUM if CHROMIUM.exists() else None
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page with what it asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, site: str, path: str = "/") -> None:
        self.page.goto(f"{site}{path}")
        expect(self.question).to_be_visible()

    @property
    def question(self) -> Locator:
        return self.page.locator("#question")

    @property
    def ask_button(self) -> Locator:
        return self.page.locator("#ask")

    @property
    def articles(self) -> Locator:
        return self.page.get_by_role("article")

    @property
    def last(self) -> Locator:
        return self.articles.last

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def citations(self) -> Locator:
        return self.last.locator(".answer a.citation")

    @property
    def said(self) -> Locator:
        """What those who listen to the page have heard last."""
        return self.page.locator("#announcer")

    def tool(self, name: str) -> Locator:
        return self.last.get_by_role("button", name=name, exact=True)

    def ask(self, question: str) -> None:
        self.question.fill(question)
        self.ask_button.click()
        self.wait()

    def wait(self) -> None:
        expect(self.last).not_to_have_attribute("aria-busy", "true", timeout=20_000)

    def marked(self) -> str:
        """The words marked in the panel, once they are there."""
        expect(self.panel.locator("mark").first).to_be_visible()
        return " ".join(" ".join(self.panel.locator("mark").all_inner_texts()).split())

    def is_wider_than_the_window(self) -> bool:
        wide = "[document.documentElement, ...document.querySelectorAll('dialog[open], dialog[open] *')]"
        return bool(self.page.evaluate(f"{wide}.some(e => e.scrollWidth > innerWidth)"))


@contextmanager
def watching(browser: Browser, size: tuple[int, int] = DESKTOP, **options: Any) -> Iterator[Watched]:
    """A new page of this size. When the ``with`` is left, it has asked no other origin for anything and nothing stands
    in its console."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    watched = Watched(context.new_page())
    context.on("request", lambda sent: watched.requests.append(sent.url))
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            watched.complaints.append(message.text)

    watched.page.on("console", note)
    yield watched
    origin = "/".join(watched.page.url.split("/")[:3]) + "/"
    assert origin.startswith("http://127.0.0.1:")
    assert watched.requests
    assert [url for url in watched.requests if not url.startswith(origin)] == []
    assert watched.complaints == []
    context.close()
