"""The page without a network, as on a phone between two rooms."""

import pytest
from playwright.sync_api import expect

from tests.integrations.conftest import QUESTION
from tests.integrations.web.desk.browsing import PHONE, Watched


@pytest.mark.parametrize("size", [PHONE])
def test_a_question_asked_without_a_network_is_kept_and_asked_when_it_is_back(
    watched: Watched, site: str, size: tuple[int, int]
) -> None:
    watched.open(site)
    watched.page.wait_for_load_state("networkidle")
    network = watched.page.context
    network.set_offline(True)
    expect(watched.page.locator(".offline")).to_be_visible()
    asked = len(watched.requests)
    watched.question.fill(QUESTION)
    watched.ask_button.click()
    expect(watched.last).to_contain_text("Your question is kept")
    expect(watched.said).to_contain_text("Your question is kept")
    assert len(watched.requests) == asked
    network.set_offline(False)
    expect(watched.last.get_by_role("heading", name="Sources")).to_be_visible()
    expect(watched.last).to_contain_text("delegations from Bangladesh, Nepal and Pakistan")
    expect(watched.page.locator(".offline")).to_be_hidden()


def test_a_question_that_waits_for_the_network_can_be_taken_back(watched: Watched, site: str) -> None:
    watched.open(site)
    watched.page.wait_for_load_state("networkidle")
    watched.page.context.set_offline(True)
    watched.question.fill(QUESTION)
    watched.ask_button.click()
    watched.page.get_by_role("button", name="Stop").click()
    expect(watched.last).to_contain_text("Stopped.")
    watched.page.context.set_offline(False)
    expect(watched.tool("Try again")).to_be_visible()


def test_a_question_asked_before_the_page_had_all_its_parts_is_kept_and_answered_as_a_page(
    watched: Watched, site: str
) -> None:
    watched.page.route("**/conversing.js", lambda route: route.abort())
    watched.open(site)
    watched.page.wait_for_load_state("networkidle")
    watched.page.context.set_offline(True)
    watched.question.fill(QUESTION)
    watched.ask_button.click()
    expect(watched.page.locator(".offline")).to_be_visible()
    expect(watched.question).to_have_value(QUESTION)
    watched.page.unroute("**/conversing.js")
    watched.page.context.set_offline(False)
    expect(watched.articles).to_have_count(1)
    expect(watched.last).to_contain_text("delegations from Bangladesh, Nepal and Pakistan")
    assert any("Part of the page did not load" in complaint for complaint in watched.complaints)
    watched.complaints.clear()
