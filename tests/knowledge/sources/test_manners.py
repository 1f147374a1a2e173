"""How hosts are asked: after their robots.txt, not in a hurry, and not again when they have had enough."""

import time

import pytest

from knowledge.sources.errors import FetchFailed, HostUnavailable, RefusedByRobots, UnsafeAddress
from knowledge.sources.fetching import Fetcher
from knowledge.sources.manners import Manners
from tests.knowledge.sources.sites import AGENT, Handler, Reply, Resolver, Site, page, redirect, robots, status


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def get(site: Site, path: str, manners: Manners) -> int:
    return site.fetcher().get(site.target(path), {}, manners.before).status


def test_robots_is_asked_for_once_a_host_and_run_and_kept_to() -> None:
    with Site({"/robots.txt": robots("User-agent: *\nDisallow: /no"), "/a": page("A."), "/no": page("No.")}) as site:
        _, manners = site.guest()
        assert (get(site, "/a", manners), get(site, "/a", manners)) == (200, 200)
        with pytest.raises(RefusedByRobots, match="robots.txt of site.example asks not to fetch /no"):
            get(site, "/no", manners)
        assert site.paths == ["/robots.txt", "/a", "/a"]


def test_a_page_that_redirects_to_a_refused_one_is_refused() -> None:
    with Site({"/robots.txt": robots("User-agent: *\nDisallow: /no"), "/a": redirect("/no")}) as site:
        with pytest.raises(RefusedByRobots):
            get(site, "/a", site.guest()[1])
        assert site.paths == ["/robots.txt", "/a"]


@pytest.mark.parametrize("code", [401, 403, 404, 410])
def test_a_host_without_the_file_asks_for_nothing(code: int) -> None:
    with Site({"/robots.txt": status(code), "/a": page("A.")}) as site:
        assert get(site, "/a", site.guest()[1]) == 200


@pytest.mark.parametrize("code", [429, 500, 502, 503])
def test_a_host_that_cannot_say_what_it_wants_is_not_asked(code: int) -> None:
    with Site({"/robots.txt": status(code), "/a": page("A.")}) as site:
        _, manners = site.guest()
        for _ in range(2):
            with pytest.raises(RefusedByRobots, match=f"answered with status {code}"):
                get(site, "/a", manners)
        assert site.paths == ["/robots.txt"]


def test_a_file_that_cannot_be_read_refuses_and_one_that_moved_is_followed() -> None:
    endless: Reply = redirect("/robots.txt")
    with Site({"/robots.txt": endless, "/a": page("A.")}) as site:
        with pytest.raises(RefusedByRobots, match="cannot be read, as it redirects in a circle"):
            get(site, "/a", site.guest()[1])
        site.replies |= {"/robots.txt": redirect("/r"), "/r": robots("User-agent: *\nDisallow: /a")}
        with pytest.raises(RefusedByRobots, match="asks not to fetch"):
            get(site, "/a", site.guest()[1])
        site.replies["/robots.txt"] = redirect("http://169.254.169.254/")
        with pytest.raises(UnsafeAddress, match="robots.txt was not fetched: redirects to"):
            get(site, "/a", site.guest()[1])


def test_there_is_a_breath_between_two_requests_to_a_host_and_the_one_it_asks_for() -> None:
    with Site({"/robots.txt": robots("User-agent: *\nCrawl-delay: 7"), "/a": page("A.")}) as site:
        clock = Clock()
        manners = Manners(site.fetcher(), 1, clock, clock.sleep)
        get(site, "/a", manners)
        clock.now += 3
        get(site, "/a", manners)
        assert clock.slept == [7, 4]
        site.replies["/robots.txt"] = status(404)
        clock = Clock()
        manners = Manners(site.fetcher(), 1, clock, clock.sleep)
        get(site, "/a", manners)
        get(site, "/a", manners)
        assert clock.slept == [1, 1]


def test_a_host_that_has_enough_or_is_not_there_is_left_alone() -> None:
    with Site({"/a": status(429), "/b": page("B.")}) as site:
        _, manners = site.guest()
        manners.note_status(get(site, "/a", manners))
        with pytest.raises(HostUnavailable, match=r"left alone for the rest of this run \(answered 429"):
            get(site, "/b", manners)
        assert site.paths == ["/robots.txt", "/a"]
    fetcher = Fetcher(AGENT, policy=site.policy, resolve=Resolver([("127.0.0.1",)]))
    with pytest.raises(HostUnavailable, match="cannot be reached"):
        fetcher.get(site.target("/a"), {}, Manners(fetcher, 0).before)


def test_a_slow_robots_file_does_not_count_against_the_page() -> None:
    def slow(handler: Handler) -> None:
        time.sleep(0.4)
        status(404)(handler)

    with Site({"/robots.txt": slow, "/a": page("A.")}) as site:
        assert get(site, "/a", site.guest()[1]) == 200


def test_a_page_that_fails_does_not_make_its_host_unavailable() -> None:
    with Site({"/a": status(302), "/b": page("B.")}) as site:
        _, manners = site.guest()
        with pytest.raises(FetchFailed):
            get(site, "/a", manners)
        assert get(site, "/b", manners) == 200
