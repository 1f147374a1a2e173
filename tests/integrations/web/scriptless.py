"""Pages in a real browser that runs no script."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page


@contextmanager
def opened(browser: Browser, size: tuple[int, int], language: str = "en") -> Iterator[Page]:
    """A page of this size, for a reader of this language. When it is left, it has asked no other origin for anything
    and nothing stands in its console."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False, locale=language
    )
    requests: list[str] = []
    complaints: list[str] = []
    page = _watched(context, requests, complaints)
    yield page
    assert requests and all(url.startswith("http://127.0.0.1:") for url in requests), requests
    assert complaints == []
    context.close()


def is_wider_than_the_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def _watched(context: BrowserContext, requests: list[str], complaints: list[str]) -> Page:
    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    context.on("request", lambda sent: requests.append(sent.url))
    page = context.new_page()
    page.on("console", note)
    return page
