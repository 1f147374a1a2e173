"""Every page of operators by the rules of axe-core, full of what there is to look after, and on a narrow screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.integrations.conftest import SMALL_QUESTION
from tests.integrations.web.admin.offices import Office, Person, button
from tests.integrations.web.desk.browsing import DESKTOP, PHONE, chromium
from tests.integrations.web.scriptless import is_wider_than_the_window

EVERY_RULE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What a colour scheme and a wider window can change.
COLOURS_AND_SIZES = {"type": "rule", "values": ["color-contrast", "target-size", "link-in-text-block"]}
NOTE = "/admin/document?id=note.txt"
NO_SUCH = "/admin/document?id=none"
PATHS = (
    *(
        f"/admin{path}"
        for path in ("", "?days=7", "/gaps", "/feedback", "/escalations", "/documents", "/documents?q=no")
    ),
    *(NOTE, "/admin/documents/upload", "/admin/documents/upload?id=note.txt", "/admin/people", "/admin/keys"),
    *("/admin/switch", "/admin/audit", NO_SUCH),
)

ACTIONS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("/admin/keys", "Make a key", {"name": "Figures", "audience": "public"}),
    ("/admin/people", "Make a link", {"name": "Ana Petrović", "audience": "staff"}),
    ("/admin/switch", "Close the desk", {"reason": "The documents are being looked through."}),
    ("/admin/switch", "Open the desk", {}),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def keeper(office: Office) -> Person:
    """An operator with something to do on every page, who has questions shown."""
    operator, visitor = office.operator(), office.visitor()
    office.accounts.add_delegation("nepal", "Delegation of Nepal", "terminal")
    office.accounts.invite("partner:nepal", "Sita Gurung", "terminal")
    gone = office.account("Hari Thapa", "partner:nepal")
    office.accounts.disable(gone.id, "terminal")
    key, _ = office.accounts.make_key("Old figures", "staff", ["read"], "terminal")
    office.accounts.revoke_key(key.id, "terminal")
    for question in ("What does a fishing licence cost in Podgorica?", f"Who paints {'x' * 200}?"):
        assert visitor.asks(question)["outcome"] == "NOT_COVERED"
    for helpful, note in ((True, "Thank you"), (False, "y" * 200)):
        answer = visitor.asks(SMALL_QUESTION)["answer_id"]
        rating = {"helpful": helpful, "comment": note}
        assert visitor.request("PUT", f"/api/v1/answers/{answer}/feedback", json=rating).status_code == 200
        assert visitor.post(f"/api/v1/answers/{answer}/escalation", json={"note": note}).status_code == 200
    operator.press(button(operator.page("/admin/gaps"), "Show questions"))
    operator.press(button(operator.page("/admin/gaps"), "Notify when answered"))
    operator.press(button(operator.page("/admin/escalations"), "I will answer this"))
    operator.press(button(operator.page(NOTE), "Withdraw it"), reason="It is out of date.")
    return operator


@contextmanager
def shown(browser: Browser, office: Office, keeper: Person, scheme: Any, size: tuple[int, int]) -> Iterator[Page]:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    name, _, value = keeper.headers["Cookie"].partition("=")
    context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/", "secure": True}])
    yield context.new_page()
    context.close()


def broken(page: Page, rules: dict[str, Any]) -> list[Any]:
    """What is wrong on the page as it is, with all that is folded opened."""
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(folded => { folded.open = true })")
    found = Axe().run(page, options={"runOnly": rules})
    wrong: list[Any] = [
        (rule["id"], [node["target"] for node in rule["nodes"]][:4], rule["nodes"][0]["failureSummary"])
        for rule in found.response["violations"]
    ]
    return [*wrong, *(["wider than the window"] if is_wider_than_the_window(page) else [])]


@pytest.mark.parametrize(
    ("scheme", "size", "rules"), [("light", PHONE, EVERY_RULE), ("dark", DESKTOP, COLOURS_AND_SIZES)]
)
def test_no_rule_of_accessibility_is_broken_on_any_page_of_operators(
    browser: Browser, office: Office, keeper: Person, scheme: str, size: tuple[int, int], rules: dict[str, Any]
) -> None:
    with shown(browser, office, keeper, scheme, size) as page:
        wrong = {}
        for path in PATHS:
            arrived = page.goto(office.address + path)
            assert arrived is not None and (arrived.status == 200 or path == NO_SUCH), "an operator is let in"
            wrong[path] = broken(page, rules)
        for path, name, fields in ACTIONS:
            page.goto(office.address + path)
            form = page.locator("form", has=page.get_by_role("button", name=name, exact=True)).first
            for field, value in fields.items():
                control = form.locator(f"[name={field}]")
                if control.evaluate("e => e.tagName") == "SELECT":
                    control.select_option(value)
                else:
                    control.fill(value)
            form.get_by_role("button", name=name, exact=True).click()
            wrong[f"{path}: {name}"] = broken(page, rules)
    assert {path: found for path, found in wrong.items() if found} == {}
