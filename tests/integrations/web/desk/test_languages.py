"""The page in its languages."""

import pytest
from playwright.sync_api import Browser, expect

from integrations.web.desk.plurals import category_of
from integrations.web.languages import LANGUAGES
from tests.integrations.web.desk.browsing import DESKTOP, NARROW, PHONE, Watched, watching

URDU = "تیرانا میں RGRS کے اجلاس میں کن وفود نے شرکت کی؟"
RIGHT_TO_LEFT = {"ar", "ur"}


def test_each_language_has_a_start_that_fits_a_narrow_screen(browser: Browser, site: str) -> None:
    titles = set()
    with watching(browser, NARROW) as watched:
        for language in LANGUAGES:
            watched.open(site, f"/?lang={language}")
            page = watched.page.locator("html")
            assert page.get_attribute("lang") == language
            assert page.get_attribute("dir") == ("rtl" if language in RIGHT_TO_LEFT else "ltr")
            assert not watched.is_wider_than_the_window(), language
            titles.add(watched.page.get_by_role("heading", level=1).inner_text())
    assert len(titles) == len(LANGUAGES)


def test_numbers_take_the_same_forms_on_the_server_as_in_the_browser(watched: Watched, site: str) -> None:
    watched.open(site)
    numbers = [*range(130), 1000, 1001, 1111, 1_000_000]
    for language in LANGUAGES:
        told = watched.page.evaluate(
            "([language, all]) => all.map(n => new Intl.PluralRules(language).select(n))", [language, numbers]
        )
        assert [category_of(language, number) for number in numbers] == told, language


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_in_urdu_the_page_runs_from_the_right_and_latin_quotes_from_the_left(
    browser: Browser, site: str, size: tuple[int, int]
) -> None:
    with watching(browser, size, locale="ur-PK") as watched:
        watched.open(site)
        watched.ask(URDU)
        heading = watched.last.get_by_role("heading", level=2)
        assert heading.evaluate("e => getComputedStyle(e).direction") == "rtl"
        quote = watched.last.locator(".sentence").first
        assert quote.evaluate("e => getComputedStyle(e).direction") == "ltr"
        expect(watched.last.locator(".outcome")).to_contain_text("جون")
        expect(watched.last.locator(".outcome")).to_contain_text("2024")  # digits as the documents have them
        numbers = watched.citations.all_inner_texts()
        assert numbers
        assert all(number.isascii() for number in numbers)
        watched.citations.first.click()
        watched.marked()
        place = watched.panel.bounding_box()
        assert place is not None
        if size == DESKTOP:
            assert place["x"] == 0, "beside the answer, the panel stands at the end of the line: on the left"
        assert not watched.is_wider_than_the_window()
        watched.page.keyboard.press("Escape")
        expect(watched.citations.first).to_be_focused()
