"""The page opened from the disk in a real browser: without a network, on a phone, on a desk and on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from evals.report.page import write_report
from tests.evals.report.hostile import hostile_run
from tests.integrations.web.desk.browsing import ARGUMENTS, CHROMIUM

DESKTOP, NARROW = (1280, 900), (320, 640)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = CHROMIUM if CHROMIUM.exists() else None
        chromium = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Opened:
    """A page with what it asked for and complained of."""

    def __init__(self, browser: Browser, path: Path, size: tuple[int, int], script: bool = True) -> None:
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=script, color_scheme="dark"
        )
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda sent: self.requests.append(sent.url))
        self.context.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())

    def close(self) -> None:
        """It has asked for nothing but itself and complained of nothing."""
        assert len({url.split("#")[0] for url in self.requests}) == 1
        assert self.complaints == []
        self.context.close()


def test_the_list_is_narrowed_by_what_is_chosen_and_by_words(browser: Browser, page: Path) -> None:
    opened = Opened(browser, page, DESKTOP)
    shown = opened.page.locator("#entries .entry:visible")
    form = opened.page.locator("#filter")
    status = form.get_by_role("status")
    expect(status).to_have_text("60 of 60 shown")
    form.get_by_label("Language").select_option("ur")
    expect(status).to_have_text("20 of 60 shown")
    form.get_by_label("What failed").select_option("Refused, though covered")
    expect(status).to_have_text("2 of 60 shown")
    shown.first.locator("summary").click()
    expect(shown.first).to_contain_text("ur/meeting-6")
    form.get_by_role("button", name="Show all").click()
    expect(status).to_have_text("60 of 60 shown")
    form.get_by_label("Words").fill("САСТАНКУ 7")
    expect(status).to_have_text("2 of 60 shown")  # 7 and 17
    form.get_by_label("Kind").select_option("near miss: year")
    expect(shown).to_have_count(1)
    form.get_by_label("Words").fill("no such words anywhere")
    expect(status).to_have_text("0 of 60 shown")
    opened.close()


def test_without_its_script_everything_is_there_and_the_form_is_not(browser: Browser, page: Path) -> None:
    opened = Opened(browser, page, DESKTOP, script=False)
    expect(opened.page.locator("#filter")).to_be_hidden()
    expect(opened.page.locator("#entries .entry")).to_have_count(60)
    expect(opened.page.locator("#figures svg").first).to_be_visible()
    opened.close()


def test_on_the_narrowest_phone_nothing_is_cut_off_and_the_style_applies(browser: Browser, page: Path) -> None:
    opened = Opened(browser, page, NARROW)
    assert opened.page.evaluate("document.documentElement.scrollWidth") == NARROW[0]
    assert opened.page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(22, 24, 27)"
    beyond = """() => [...document.querySelectorAll('svg text')].filter(text => {
      const box = text.getBoundingClientRect();
      return box.width && (box.left < -1 || box.right > innerWidth + 1); }).map(text => text.textContent)"""
    assert opened.page.evaluate(beyond) == []
    opened.close()


def test_on_paper_answers_that_changed_are_open_and_the_long_list_is_left_out(browser: Browser, page: Path) -> None:
    opened = Opened(browser, page, DESKTOP)
    opened.page.emulate_media(media="print")
    expect(opened.page.locator("#changes .entry .columns").first).to_be_visible()
    expect(opened.page.locator("#worst .passage").first).to_be_visible()
    expect(opened.page.locator("#entries")).to_be_hidden()
    expect(opened.page.get_by_text("On paper the list is left out")).to_be_visible()
    expect(opened.page.locator("#filter")).to_be_hidden()
    opened.close()


def test_hostile_text_is_inert(browser: Browser, tmp_path: Path) -> None:
    run = hostile_run(tmp_path / "hostile")
    write_report(run, tmp_path / "out.html", run)
    opened = Opened(browser, tmp_path / "out.html", DESKTOP)
    expect(opened.page.get_by_role("heading", level=1)).to_be_visible()
    opened.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    opened.page.locator("#filter").get_by_label("Topic").select_option(index=3)
    expect(opened.page.get_by_role("status")).to_have_text("1 of 6 shown")
    assert opened.page.evaluate("window.hit") is None
    opened.close()
