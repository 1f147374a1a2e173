"""How heavy the page is and how long it takes on a slow phone, as figures to read (no test):

    python -m tests.integrations.web.page_weight http://127.0.0.1:8000/

Slow 4G and a processor four times slower, as browsers' developer tools emulate them. "Ready" is when the script has
taken over the question box (without a script the box works as soon as it is painted), "whole" when all has come.
"""

import gzip
import statistics
import sys
from dataclasses import dataclass

import httpx
from playwright.sync_api import Browser

from tests.integrations.web.desk.browsing import chromium

RUNS = 5
SLOW_4G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1.6e6 / 8 * 0.9,
    "uploadThroughput": 750e3 / 8 * 0.9,
}
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
WHOLE = "Math.max(...performance.getEntries().map(e => e.responseEnd ?? 0))"
LOADED = "performance.getEntries().filter(e => e.transferSize).map(e => [e.name, e.transferSize])"
KINDS = {"css": "styles", "js": "scripts", "svg": "pictures"}


@dataclass(frozen=True, slots=True)
class Load:
    """Times in milliseconds; ``sent`` is bytes with headers by address."""

    painted: float
    ready: float
    whole: float
    sent: dict[str, int]


def main(address: str) -> None:
    with chromium() as browser:
        loads = [_load(browser, address) for _ in range(RUNS)]
    sizes: dict[str, list[tuple[int, int]]] = {}
    for url in loads[0].sent:
        if not (body := httpx.get(url).content):
            continue
        kind = KINDS.get(url.rpartition(".")[2], "page")
        sizes.setdefault(kind, []).append((len(body), len(gzip.compress(body, 9))))
    sizes["all"] = [pair for pairs in list(sizes.values()) for pair in pairs]
    for kind, pairs in sizes.items():
        raw, packed = (sum(column) / 1024 for column in zip(*pairs, strict=True))
        print(f"{kind:9}{len(pairs):3} files {raw:7.1f} KB raw {packed:7.1f} KB gzip")
    print(f"sent     {statistics.median(sum(load.sent.values()) for load in loads) / 1024:17.1f} KB with headers")
    for name in ("painted", "ready", "whole"):
        print(f"{name:9}{statistics.median(getattr(load, name) for load in loads) / 1000:17.2f} s")


def _load(browser: Browser, address: str) -> Load:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="commit")
    page.locator("#question-keys:not([hidden])").wait_for(state="attached")
    ready = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    whole = page.evaluate(WHOLE)
    load = Load(page.evaluate(PAINTED), ready, whole, dict(page.evaluate(LOADED)))
    context.close()
    return load


if __name__ == "__main__":
    main(sys.argv[1])
