"""The library in a browser that runs no script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.integrations.web.desk.browsing import NARROW, PHONE, SIZES, chromium
from tests.integrations.web.scriptless import is_wider_than_the_window, opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@SIZES
def test_a_reader_finds_a_brief_by_country_and_reads_it(browser: Browser, site: str, size: tuple[int, int]) -> None:
    with opened(browser, size) as page:
        page.goto(f"{site}/library")
        expect(page.get_by_role("heading", level=1)).to_have_text("What the desk can answer from")
        page.get_by_role("navigation", name="Countries").get_by_role("link", name="North Macedonia").click()
        expect(page.get_by_text("documents on North Macedonia")).to_be_visible()
        page.get_by_text("Other countries").click()
        expect(page.get_by_role("link", name="Croatia")).to_be_visible()
        assert not is_wider_than_the_window(page)
        page.get_by_role("link", name="MARRI, the Migration, Asylum").click()
        expect(page.get_by_role("heading", name="Where the sources differ")).to_be_visible()
        assert not is_wider_than_the_window(page)
        page.locator("a.citation").last.click()
        expect(page.locator("ol.references > li:target")).to_be_in_viewport()


def test_a_search_leads_to_the_place_in_the_document(browser: Browser, site: str) -> None:
    with opened(browser, PHONE) as page:
        page.goto(f"{site}/library")
        page.get_by_role("searchbox").fill("single work permit")
        page.get_by_role("button", name="Search").click()
        page.locator("ul.cards a.title").first.click()
        expect(page.locator("mark#quote")).to_be_in_viewport()


def test_the_language_is_switched_on_the_page_and_kept_on_the_next(browser: Browser, site: str) -> None:
    with opened(browser, PHONE) as page:
        page.goto(f"{site}/library?country=NP")
        page.locator("details.languages summary").click()
        page.get_by_role("link", name="اردو").click()
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.locator("nav.countries [aria-current]")).to_contain_text("نیپال")
        assert not is_wider_than_the_window(page)
        page.goto(f"{site}/library")
        expect(page.locator("html")).to_have_attribute("lang", "ur")


@pytest.mark.parametrize("language", ["en", "ur", "bn"])
def test_nothing_is_wider_than_the_screen_also_where_a_word_is(
    browser: Browser, site: str, odd_site: str, language: str
) -> None:
    with opened(browser, NARROW, language) as page:
        for address in (
            f"{odd_site}/library",
            f"{odd_site}/library/nasty",
            f"{odd_site}/library?q=letters",
            f"{site}/library/rgrs-belgrade-march-2024?from=100&to=700",
        ):
            page.goto(address)
            assert not is_wider_than_the_window(page), address
