"""Coming in by a link and going out again in a real browser that runs no script and is on plain HTTP on this machine:
there too it takes the cookies, and sends with a form where it comes from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.integrations.conftest import DeskOn
from tests.integrations.servers import unhurried
from tests.integrations.web.askers import TERMINAL, House, open_house
from tests.integrations.web.desk.browsing import PHONE, chromium
from tests.integrations.web.scriptless import is_wider_than_the_window, opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def house(small_base: Path, desk_on: DeskOn) -> Iterator[House]:
    with open_house(desk_on(small_base), unhurried(public=False)) as opened_house:
        opened_house.account("partner:nepal")
        yield opened_house


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_delegate_comes_in_reads_the_notice_and_goes_out(browser: Browser, house: House, language: str) -> None:
    _, secret = house.accounts.invite("partner:nepal", "Asha", TERMINAL)
    with opened(browser, PHONE, language) as page:
        page.goto(f"{house.address}/library")
        expect(page).to_have_url(f"{house.address}/sign-in?next=/library")
        page.get_by_role("textbox").fill(f"{house.address}/invitation/{secret}")
        page.get_by_role("main").get_by_role("button").click()
        expect(page.get_by_role("main")).to_contain_text("Delegation of Nepal")
        assert not is_wider_than_the_window(page)
        page.get_by_role("main").get_by_role("button").click()
        expect(page).to_have_url(f"{house.address}/")
        (cookie,) = page.context.cookies()
        assert (cookie["name"], cookie["secure"], cookie["httpOnly"]) == ("__Host-session", True, True)

        page.goto(f"{house.address}/privacy")
        assert not is_wider_than_the_window(page)
        page.get_by_role("checkbox").check()
        page.locator("button.danger").click()
        expect(page.get_by_role("status")).to_contain_text("0")
        page.get_by_role("main").locator("form.actions[method=post] button").first.click()
        expect(page).to_have_url(f"{house.address}/sign-in?out=1")
        assert page.context.cookies() == []
