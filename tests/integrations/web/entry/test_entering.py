"""Coming in by a link, going out again, and what the pages say; all by forms, without a script."""

import re
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from integrations.web.identity import SESSION_COOKIE, VISITOR_COOKIE
from tests.integrations.conftest import SMALL_QUESTION, DeskOn
from tests.integrations.servers import unhurried
from tests.integrations.web.askers import TERMINAL, Headers, House, open_house, with_session

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def house(small_base: Path, desk_on: DeskOn) -> Iterator[House]:
    with open_house(desk_on(small_base), unhurried(public=False)) as opened:
        opened.account("partner:nepal", "First of Nepal")
        yield opened


@pytest.fixture(scope="module")
def public_house(small_base: Path, desk_on: DeskOn) -> Iterator[House]:
    with open_house(desk_on(small_base)) as opened:
        yield opened


def get(house: House, path: str, headers: Headers | None = None) -> httpx.Response:
    return httpx.get(f"{house.address}{path}", headers={**PAGE, **(headers or {})})


def post(house: House, path: str, headers: Headers | None = None, **fields: str) -> httpx.Response:
    form = {**PAGE, "Origin": house.address, "Content-Type": "application/x-www-form-urlencoded"}
    return httpx.post(f"{house.address}{path}", data=fields, headers={**form, **(headers or {})}, timeout=30)


def words(response: httpx.Response) -> str:
    """What stands in the page's main part."""
    inner = response.text.partition("<main")[2].partition("</main>")[0]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", "<" + inner)))


def session_of(response: httpx.Response) -> str:
    return next(
        sent.partition("=")[2].partition(";")[0]
        for sent in response.headers.get_list("set-cookie")
        if sent.startswith(f"{SESSION_COOKIE}=")
    )


def me(house: House, secret: str) -> httpx.Response:
    return httpx.get(f"{house.address}/api/v1/me", headers=with_session(secret, house.address))


# ---- invitations --------------------------------------------------------------------------------------------------


def test_a_link_says_who_invites_and_is_used_up_by_the_button_only(house: House) -> None:
    operator = house.account("staff", "Mira", is_operator=True)
    _, secret = house.accounts.invite("partner:nepal", "Asha <b>Rai</b>", operator.person)
    for _ in range(3):  # as a messenger that fetches a preview does
        shown = get(house, f"/invitation/{secret}")
        assert shown.status_code == 200
        assert "set-cookie" not in shown.headers
        assert shown.headers["cache-control"] == "no-store"
    assert "Mira invites you" in words(shown)
    assert "Asha <b>Rai</b>" in words(shown)
    assert "Delegation of Nepal" in words(shown)
    assert f'action="/invitation/{secret}"' in shown.text

    accepted = post(house, f"/invitation/{secret}")
    assert (accepted.status_code, accepted.headers["location"]) == (303, "/")
    (sent,) = accepted.headers.get_list("set-cookie")
    for wanted in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", f"Max-Age={14 * 24 * 3600}"):
        assert wanted in sent.split("; ")
    assert "Domain" not in sent
    assert me(house, session_of(accepted)).json()["audience"] == "partner:nepal"

    for again in (get(house, f"/invitation/{secret}"), post(house, f"/invitation/{secret}")):
        assert again.status_code == 404
        assert "no longer valid" in words(again)
        assert "set-cookie" not in again.headers


def test_of_many_who_press_at_once_one_comes_in(house: House) -> None:
    _, secret = house.accounts.invite("staff", "Asha", TERMINAL)
    statuses: list[int] = []
    pressing = [
        threading.Thread(target=lambda: statuses.append(post(house, f"/invitation/{secret}").status_code))
        for _ in range(8)
    ]
    for thread in pressing:
        thread.start()
    for thread in pressing:
        thread.join()
    assert sorted(statuses) == [303, *[404] * 7]


def test_a_link_that_was_withdrawn_and_one_that_never_was_look_the_same(house: House) -> None:
    made, secret = house.accounts.invite("staff", "Asha", TERMINAL)
    house.accounts.withdraw_invitation(made.id, TERMINAL)
    session = house.accounts.open_session(house.account().id)
    pages = [
        get(house, f"/invitation/{shown}") for shown in (secret, "inv_" + "x" * 43, "x", session, "%00", "a" * 3000)
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({words(page) for page in pages}) == 1


def test_whoever_is_signed_in_is_told_that_this_ends_and_it_does(house: House) -> None:
    before = house.accounts.open_session(house.account("partner:nepal", "Asha").id)
    _, secret = house.accounts.invite("staff", "Mira", TERMINAL)
    shown = get(house, f"/invitation/{secret}", with_session(before, house.address))
    assert "You are signed in as Asha in this browser. That ends" in words(shown)
    accepted = post(house, f"/invitation/{secret}", with_session(before, house.address))
    assert me(house, session_of(accepted)).json()["name"] == "Mira"
    assert me(house, before).status_code == 401


def test_a_link_that_opened_elsewhere_can_be_pasted_with_whatever_stands_around_it(house: House) -> None:
    _, secret = house.accounts.invite("partner:nepal", "Asha", TERMINAL)
    shown = post(house, "/sign-in", link=f" Your link: {house.address}/invitation/{secret} \n")
    assert shown.status_code == 200
    assert f'action="/invitation/{secret}"' in shown.text
    assert "set-cookie" not in shown.headers
    assert post(house, f"/invitation/{secret}").status_code == 303
    for wrong in (f"{house.address}/invitation/{secret}", "", "https://desk/", "inv_x"):
        refused = post(house, "/sign-in", link=wrong)
        assert refused.status_code == 400
        assert "not a sign-in link, or it is no longer valid" in words(refused)


# ---- signing in and out -------------------------------------------------------------------------------------------


def test_the_sign_in_page_says_how_and_leads_back_to_our_own_pages_only(public_house: House) -> None:
    page = get(public_house, "/sign-in?next=/library%3Fq%3Dx")
    assert "Ask your contact for a sign-in link" in words(page)
    assert 'href="/library?q=x"' in page.text
    assert 'value="/library?q=x"' in page.text
    elsewhere = get(public_house, "/sign-in?next=//evil.example")
    assert "evil" not in elsewhere.text.partition("<main")[2].partition("</main>")[0]
    signed_in = get(public_house, "/sign-in", public_house.signed_in("staff", "Asha"))
    assert "You are signed in as Asha." in words(signed_in)
    assert 'name="link"' not in signed_in.text


def test_where_nobody_may_ask_without_signing_in_that_is_not_offered(house: House, public_house: House) -> None:
    assert "Ask without signing in" in words(get(public_house, "/sign-in"))
    assert "Ask without signing in" not in words(get(house, "/sign-in"))


def test_signing_out_ends_the_session_at_once_and_leaves_nothing_in_the_browser(house: House) -> None:
    account = house.account("partner:nepal")
    here, there = (house.accounts.open_session(account.id) for _ in range(2))
    left = post(house, "/sign-out", with_session(here, house.address))
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in?out=1")
    dropped = left.headers.get_list("set-cookie")
    assert [sent.partition("=")[0] for sent in dropped] == [SESSION_COOKIE, VISITOR_COOKIE]
    assert all("Max-Age=0" in sent and "Secure" in sent and "Path=/" in sent for sent in dropped)
    assert left.headers["clear-site-data"] == '"storage"'
    assert "You are signed out." in words(get(house, left.headers["location"]))
    assert (me(house, here).status_code, me(house, there).status_code) == (401, 200)

    here = house.accounts.open_session(account.id)
    post(house, "/sign-out", with_session(here, house.address), everywhere="yes")
    assert (me(house, here).status_code, me(house, there).status_code) == (401, 401)
    assert httpx.get(f"{house.address}/sign-out", headers=with_session(here, house.address)).status_code == 405


def test_signing_out_without_being_signed_in_does_no_harm(house: House) -> None:
    for headers in ({}, with_session("ses_" + "x" * 43, house.address)):
        assert post(house, "/sign-out", headers, everywhere="yes").status_code == 303


def test_trying_one_link_after_the_other_is_slowed_down(small_base: Path, desk_on: DeskOn) -> None:
    with open_house(desk_on(small_base), unhurried(questions_a_minute=1)) as house:
        tries = [post(house, f"/invitation/inv_{letter * 43}") for letter in "abcdefghijk"]
        assert [each.status_code for each in tries] == [404] * 10 + [429]
        assert "Please wait a moment" in words(tries[-1])
        assert int(tries[-1].headers["retry-after"]) > 0
        assert ask(house, {}).status_code == 200, "asking is counted by itself"


# ---- privacy ------------------------------------------------------------------------------------------------------


def ask(house: House, headers: Headers) -> httpx.Response:
    return httpx.post(f"{house.address}/api/v1/ask", json={"question": SMALL_QUESTION}, headers=headers, timeout=30)


def kept(house: House, headers: Headers) -> int:
    return len(httpx.get(f"{house.address}/api/v1/conversations", headers=headers).json())


def test_the_notice_says_what_is_kept_and_for_how_long_to_everybody(house: House) -> None:
    notice = words(get(house, "/privacy"))
    assert "Texts are erased after 30 days." in notice
    assert "No language model is used" in notice
    assert "Nothing is kept of you in this browser." in notice
    assert "Sign out" not in notice
    signed_in = get(house, "/privacy", house.signed_in("staff"))
    assert "Sign out in all browsers" in words(signed_in)


def test_everything_of_one_is_erased_at_their_word_and_nothing_of_anybody_else(house: House) -> None:
    mine, others = house.signed_in("partner:nepal"), house.signed_in("partner:nepal")
    answer = ask(house, mine).json()["answer_id"]
    assert ask(house, others).status_code == 200
    address = f"{house.address}/api/v1/answers/{answer}"
    shared = httpx.post(f"{address}/share", headers=mine).json()["url"]

    unsure = post(house, "/privacy/erase", mine)
    assert (unsure.status_code, kept(house, mine)) == (400, 1)
    assert "please tick the box first" in words(unsure)
    erased = post(house, "/privacy/erase", mine, sure="yes")
    assert erased.status_code == 200
    assert "Questions, ratings and notes: 1." in words(erased)
    assert (kept(house, mine), kept(house, others)) == (0, 1)
    assert httpx.get(address, headers=mine).status_code == 404
    assert httpx.get(shared, headers=others).status_code == 404
    assert "Questions, ratings and notes: 0." in words(post(house, "/privacy/erase", mine, sure="yes"))


def test_a_visitor_erases_what_this_browser_asked(public_house: House) -> None:
    token = ask(public_house, {}).headers["set-cookie"].partition("=")[2].partition(";")[0]
    visitor = {"Cookie": f"{VISITOR_COOKIE}={token}", "Origin": public_house.address}
    assert 'name="sure"' in get(public_house, "/privacy", visitor).text
    assert 'name="sure"' not in get(public_house, "/privacy").text
    assert "notes: 1." in words(post(public_house, "/privacy/erase", visitor, sure="yes"))
    assert kept(public_house, visitor) == 0


# ---- in every language --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["sq", "sr-Latn", "sr", "mk", "bn", "ne", "ur", "ar"])
def test_every_page_speaks_the_readers_language(house: House, language: str) -> None:
    _, secret = house.accounts.invite("partner:nepal", "Asha", TERMINAL)
    english = {path: words(get(house, path)) for path in ("/sign-in", f"/invitation/{secret}", "/privacy", "/nowhere")}
    for path, told in english.items():
        page = get(house, path, {"Accept-Language": language})
        assert f'<html lang="{language}"' in page.text
        assert ('dir="rtl"' in page.text.partition("<body")[0]) == (language in ("ur", "ar"))
        sentences = [part for part in re.split(r"(?<=[.?:]) ", told) if len(part.split()) > 3]
        assert sentences
        assert not [sentence for sentence in sentences if sentence.strip() in words(page)], path


# ---- what goes wrong ----------------------------------------------------------------------------------------------


def test_who_reads_pages_is_told_on_a_page_and_a_program_in_json(house: House) -> None:
    missing = get(house, "/nowhere")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing here" in words(missing)
    assert httpx.get(f"{house.address}/nowhere").json()["error"]["code"] == "http_404"
    assert get(house, "/api/v1/nowhere").json()["error"]["code"] == "http_404"
    forged = post(house, "/sign-out", {"Cookie": "a=b", "Origin": "https://evil.example"})
    assert forged.status_code == 403
    assert "came from another site" in words(forged)
    both = get(house, "/privacy", {**house.signed_in(), "Authorization": "Bearer key_x"})
    assert (both.status_code, "could not be used" in words(both)) == (400, True)
    long = post(house, "/sign-in", link="x" * 300_000)
    assert (long.status_code, "too long" in words(long)) == (413, True)
    json_form = httpx.post(f"{house.address}/sign-in", json={"link": "x"}, headers=PAGE)
    assert (json_form.status_code, "could not be used" in words(json_form)) == (415, True)


def test_a_database_that_cannot_be_read_is_told_in_words(small_base: Path, desk_on: DeskOn) -> None:
    with open_house(desk_on(small_base), unhurried(public=False)) as house:
        headers = house.signed_in("staff")
        with house.accounts._database.writing() as connection:
            connection.exec_driver_sql("DROP TABLE accounts_sessions")
        for response in (get(house, "/", headers), get(house, "/", {**headers, "Accept": "*/*"})):
            assert response.status_code == 503
            assert "sessions" not in response.text
            assert re.search(r"Reference: \w{8}|\"reference\":\"\w{8}\"", response.text)
