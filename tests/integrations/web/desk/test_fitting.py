"""The page on narrow screens and at high zoom: nothing is cut off, nothing has to be scrolled sideways."""

import pytest
from playwright.sync_api import expect

from tests.integrations.conftest import QUESTION
from tests.integrations.web.desk.browsing import DESKTOP, NARROW, PHONE, Watched

# 1280 by 1024 at 400 per cent, as WCAG measures reflow.
ZOOMED = (320, 256)
SIZES = pytest.mark.parametrize("size", [NARROW, PHONE, DESKTOP, ZOOMED], ids=["narrow", "phone", "desktop", "zoomed"])


@SIZES
def test_nothing_is_wider_than_the_screen(watched: Watched, site: str, size: tuple[int, int]) -> None:
    watched.open(site)
    assert not watched.is_wider_than_the_window()
    watched.ask(f"{QUESTION} {'x' * 200}")
    watched.ask(QUESTION)
    expect(watched.last.get_by_role("heading", level=2)).to_be_in_viewport()
    watched.last.get_by_text("How this was answered").click()
    assert not watched.is_wider_than_the_window()
    watched.citations.first.click()
    watched.marked()
    assert not watched.is_wider_than_the_window()
