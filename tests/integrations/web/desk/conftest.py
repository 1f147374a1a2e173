"""One browser a module: its driver keeps an event loop in this thread, which no other module may meet."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.integrations.web.desk.browsing import DESKTOP, Watched, chromium, watching


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def watched(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """A new page of the ``size`` the test asks for."""
    size = request.node.callspec.params.get("size", DESKTOP) if hasattr(request.node, "callspec") else DESKTOP
    with watching(browser, size) as page:
        yield page
