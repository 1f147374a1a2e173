"""The page by the rules of axe-core, in both colour schemes, and what they cannot see."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.integrations.conftest import QUESTION
from tests.integrations.web.desk.browsing import DESKTOP, PHONE, Watched, watching

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Links in a line of text have what room the line gives; around the number of a source a finger finds more.
SMALL = """least => [...document.querySelectorAll('a, button, summary, input, textarea')]
  .filter(e => e.checkVisibility() && !e.closest('p, li, dialog:not([open])') && !e.matches('.skip, .citation'))
  .map(e => [e.getBoundingClientRect().height, e.textContent]).filter(([height]) => height < least)"""


def violations(watched: Watched) -> list[Any]:
    found = Axe().run(watched.page, options={"runOnly": {"type": "tag", "values": TAGS}})
    return [
        (rule["id"], [node["target"] for node in rule["nodes"]], rule["nodes"][0]["failureSummary"])
        for rule in found.response["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_is_broken_at_the_start_by_an_answer_or_by_the_document_behind_it(
    browser: Browser, site: str, scheme: str
) -> None:
    with watching(browser, DESKTOP, color_scheme=scheme, reduced_motion="reduce") as watched:
        watched.open(site)
        assert violations(watched) == []
        watched.ask(QUESTION)
        watched.last.get_by_text("How this was answered").click()
        assert violations(watched) == []
        watched.citations.first.click()
        watched.marked()
        assert violations(watched) == []


def test_on_a_touch_screen_there_is_room_for_a_finger_and_no_rule_is_broken_under_the_sheet(
    browser: Browser, site: str
) -> None:
    touch = {"has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
    with watching(browser, PHONE, locale="ur", **touch) as watched:
        watched.open(site)
        assert watched.page.evaluate(SMALL, 44) == []
        assert violations(watched) == []
        watched.ask(QUESTION)
        assert watched.page.evaluate(SMALL, 44) == []
        watched.citations.first.click()
        watched.marked()
        assert violations(watched) == []


def test_with_a_mouse_nothing_is_smaller_than_a_target_may_be(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    assert watched.page.evaluate(SMALL, 24) == []
    heights = watched.last.locator("a.citation").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert min(heights) >= 24


def test_nothing_moves_for_those_who_asked_for_less_motion(browser: Browser, site: str) -> None:
    with watching(browser, PHONE, reduced_motion="reduce") as watched:
        watched.open(site)
        watched.ask(QUESTION)
        watched.citations.first.click()
        expect(watched.panel).to_be_visible()
        assert watched.page.evaluate("document.getAnimations().length") == 0


def test_in_forced_colours_the_numbers_of_sources_are_still_set_apart(browser: Browser, site: str) -> None:
    with watching(browser, DESKTOP, forced_colors="active") as watched:
        watched.open(site)
        watched.ask(QUESTION)
        assert watched.citations.first.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"


def test_on_paper_there_is_the_answer_with_its_sources_and_their_addresses_and_nothing_to_press(
    watched: Watched, site: str
) -> None:
    watched.open(site)
    watched.ask(QUESTION)
    watched.page.emulate_media(media="print")
    expect(watched.last.locator(".answer")).to_be_visible()
    original = watched.last.locator(".sources .original")
    printed = original.evaluate("e => getComputedStyle(e, '::after').content")
    assert (original.get_attribute("href") or "?") in printed
    for gone in ("#composer", ".tools", ".provenance", ".masthead nav"):
        expect(watched.page.locator(gone).first).to_be_hidden()
