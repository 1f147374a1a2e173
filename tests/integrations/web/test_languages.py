"""In which language the pages speak to whom."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.written_dates import date_words, written_date
from integrations.web.languages import LANGUAGES, Language, chosen_language, language_for
from tests.integrations.web.reading import page_at, words

TAGS = st.sampled_from(
    ["en", "en-GB", "sq", "sr", "sr-Latn-RS", "hr", "bs-BA", "mk", "ne-NP", "ur-PK", "ar-IQ", "de", "fr-CH"]
)
WEIGHTS = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)


@pytest.mark.parametrize(
    ("tag", "known"),
    [
        *[(code, code) for code in LANGUAGES],
        *[(tag, "sr-Latn") for tag in ("bs", "hr-HR", "cnr", "me", "sh", "sr-latn", "SR-Latn-RS", "sr_Latn", "sr-ME")],
        *[(tag, "sr") for tag in ("sr-RS", "sr-Cyrl", "sr-Cyrl-ME", "SR", "bs-Cyrl-BA")],
        *[("ar-IQ", "ar"), ("bn-BD", "bn"), ("en-US", "en"), (" ur-PK ", "ur"), ("sq-XK", "sq")],
        *[
            (tag, None)
            for tag in ("", "de", "*", "english", "srx", "e", "en;q=1", "../en", "en\n", "ur" * 40, "ар", "-en")
        ],
    ],
)
def test_a_tag_leads_to_the_interface_language_that_its_speakers_read(tag: str, known: str | None) -> None:
    assert language_for(tag) == known


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=600))
def test_whatever_is_sent_a_language_comes_of_it(asked: str, cookie: str, accepted: str) -> None:
    assert chosen_language(asked, cookie, accepted).code in LANGUAGES


@given(st.lists(st.tuples(TAGS, WEIGHTS), max_size=6))
def test_the_most_wanted_known_language_of_a_browser_is_taken(wanted: list[tuple[str, float]]) -> None:
    header = ", ".join(f"{tag};q={weight:.3f}" for tag, weight in wanted)
    usable = [(weight, -place, tag) for place, (tag, weight) in enumerate(wanted) if weight > 0 and language_for(tag)]
    best = max(usable, default=(1, 0, "en"))
    assert chosen_language(None, None, header) == Language(language_for(best[2]) or "")


@pytest.mark.parametrize(
    ("accepted", "known"),
    [
        ("de-CH, de;q=0.9, sq;q=0.4, en;q=0.3", "sq"),
        ("ur", "ur"),
        ("ne; q=0.1, en ;q = 1.0", "en"),
        ("ar;q=0, *;q=0.5", "en"),
        ("mk;q=1.5, mk;q=nan, mk;q=1_0, mk;q=٠.٩, mk;q=-1, mk;level=1, sq;q=0.2", "sq"),
        (",,;q=1,", "en"),
        ("x" * 10_000 + ", ur", "en"),
    ],
)
def test_a_header_is_read_as_browsers_mean_it_and_what_is_wrong_in_it_is_left_out(accepted: str, known: str) -> None:
    assert chosen_language(None, None, accepted).code == known


def test_the_address_comes_before_the_cookie_and_both_before_the_browser() -> None:
    assert chosen_language("sq", "ur", "ne").code == "sq"
    assert chosen_language("xx", "ur", "ne").code == "ur"
    assert chosen_language(None, "<script>", "ne").code == "ne"


# --- over HTTP --------------------------------------------------------------------------------------------------------


def test_a_language_is_kept_only_when_it_was_chosen(site: str) -> None:
    assert "set-cookie" not in httpx.get(f"{site}/library", headers={"Accept-Language": "ur"}).headers
    assert "set-cookie" not in httpx.get(f"{site}/library?lang=xx").headers
    chosen = httpx.get(f"{site}/library?lang=hr").headers["set-cookie"]
    assert chosen.startswith("language=sr-Latn;")
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in chosen
    kept = page_at(f"{site}/library", headers={"Cookie": "language=sr-Latn", "Accept-Language": "ur"})
    assert words(kept.css_first("h1")) == "Na osnovu čega se odgovara"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_which_language_it_is_in_and_leads_to_all_others_as_they_call_themselves(
    site: str, language: str
) -> None:
    page = page_at(f"{site}/library?country=NP&lang={language}")
    root = page.css_first("html")
    assert root is not None
    assert root.attributes == {"lang": language, "dir": "rtl" if language in ("ur", "ar") else "ltr"}
    links = page.css("details.languages li a")
    assert {link.attributes["lang"]: words(link) for link in links} == dict(LANGUAGES)
    assert [link.attributes["href"] for link in links] == [f"?country=NP&lang={code}" for code in LANGUAGES]
    assert [link.attributes["lang"] for link in links if "aria-current" in link.attributes] == [language]
    says_so = "review" in words(page.css_first("footer")) or len(page.css("footer > p")) == 3
    assert says_so == (language != "en")


# --- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("published", "language", "said"),
    [
        ("2024", "ar", "2024"),
        ("2024-06", "en", "June 2024"),
        ("2024-06-05", "en", "5 June 2024"),
        ("2024-06-05", "sr", "5. јун 2024."),
        ("2024-06", "mk", "јуни 2024 г."),
        ("2024-06-05", "ur", "5 جون 2024"),
        ("2024-06-05", "hr", "5. jun 2024."),
        ("2024-13-05", "en", "2024-13-05"),
        ("spring 2024", "en", "spring 2024"),
    ],
)
def test_a_date_is_written_as_people_write_it(published: str, language: str, said: str) -> None:
    assert written_date(published, language) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_script_is_given_the_same_words_for_dates(language: str) -> None:
    given_words = date_words(language)
    for month in range(1, 13):
        made = given_words["day"].format(day=7, month=given_words["months"][month - 1], year=2025)
        assert made == written_date(f"2025-{month:02}-07", language)
    assert given_words["month"].format(month=given_words["months"][0], year=2025) == written_date("2025-01", language)
    assert given_words["year"].format(year=2025) == written_date("2025", language)
    assert len(set(given_words["months"])) == 12
