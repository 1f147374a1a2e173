"""The library's index over HTTP: by theme and country, in nine languages, and as JSON."""

import httpx
import pytest

from assistant.message_files import MessageFiles
from integrations.web.languages import LANGUAGES
from knowledge.jurisdictions import JURISDICTIONS
from knowledge.places import places
from knowledge.topics import KOSOVO_FOOTNOTE, THEME_NAMES
from tests.integrations.conftest import STAFF_DOCUMENT
from tests.integrations.web.library.conftest import HOSTILE, HOSTILE_NAME
from tests.integrations.web.reading import address_of, page_at, words

FILES = MessageFiles("integrations.web.library")


def test_the_index_lists_every_public_document_under_its_theme_and_leads_to_it(site: str) -> None:
    page = page_at(f"{site}/library")
    headings = [words(heading) for heading in page.css("main h2")]
    assert headings == [name for name in THEME_NAMES.values() if name in headings]
    assert len(headings) > 3
    links = [address_of(link) for link in page.css("main section a")]
    listed = httpx.get(f"{site}/api/v1/library").json()
    assert sorted(links) == sorted(f"/library/{topic['id']}" for topic in listed)
    assert f"{len(listed)} documents." in words(page.css_first("main"))
    for link in links[:3]:
        assert httpx.get(f"{site}{link}").status_code == 200


def test_a_theme_is_jumped_to_with_the_number_of_its_documents(site: str) -> None:
    page = page_at(f"{site}/library")
    for link in page.css("nav.themes a"):
        section = page.css_first(address_of(link))
        assert section is not None
        count = len(section.css("li"))
        assert words(link) == f"{words(section.css_first('h2'))} {count}"


def test_a_country_narrows_the_index_to_what_speaks_of_it_and_counts_right(site: str) -> None:
    page = page_at(f"{site}/library")
    choices = {words(link): address_of(link) for link in page.css("nav.countries a")}
    name = next(label for label in choices if label.startswith("Kosovo*"))
    assert choices[name] == "/library?country=XK"
    narrowed = page_at(f"{site}{choices[name]}")
    links = narrowed.css("main section a")
    assert name == f"Kosovo* {len(links)}"
    assert f"{len(links)} documents on Kosovo*." in words(narrowed)
    assert words(narrowed.css_first("nav.countries [aria-current]")) == name
    assert len(links) < len(page.css("main section a"))
    everything = len(page.css("main section a"))
    assert [words(link) for link in page.css("nav.countries [aria-current]")] == [f"All {everything}"]


def test_a_country_among_the_folded_ones_is_shown_open_and_an_unknown_one_shows_everything(site: str) -> None:
    everything = page_at(f"{site}/library")
    folded = everything.css_first("nav details:not(.menu)")
    assert folded is not None and "open" not in folded.attributes
    opened = page_at(f"{site}{address_of(folded.css_first('a'))}")
    assert opened.css_first("nav.countries details[open] [aria-current]") is not None
    for unknown in ("ZZ", "rs", "<script>", ""):
        assert words(page_at(f"{site}/library?country={unknown}")) == words(everything)


def test_neither_index_nor_search_nor_json_names_what_is_for_staff(site: str) -> None:
    for address in ("/library", "/library?q=Vlasina+hotline", "/api/v1/library"):
        told = (
            httpx.get(f"{site}{address}").text.replace('value="Vlasina hotline"', "").replace("q=Vlasina+hotline", "")
        )
        assert STAFF_DOCUMENT not in told and "Vlasina" not in told


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_themes_and_countries_have_their_names_in_the_readers_language(site: str, language: str) -> None:
    page = page_at(f"{site}/library?lang={language}")
    assert words(page.css_first("h1")) == FILES.template("library.title", language)
    shown = [words(heading) for heading in page.css("main h2")]
    assert shown and set(shown) <= {FILES.template(f"themes.{theme}", language) for theme in THEME_NAMES}
    countries = words(page.css_first("nav.countries"))
    assert FILES.template("countries.MK", language) in countries and "North Macedonia" not in countries
    assert FILES.template("library.kosovo", language) in words(page)
    # Titles stay as they are, and say in which language.
    titles = page.css("main section a.title")
    assert {title.attributes["lang"] for title in titles} == {"en"}


def test_the_english_names_are_those_of_the_knowledge_base() -> None:
    assert {code: FILES.template(f"countries.{code}", "en") for code in JURISDICTIONS} == JURISDICTIONS
    assert {theme: FILES.template(f"themes.{theme}", "en") for theme in THEME_NAMES} == THEME_NAMES
    assert FILES.template("library.kosovo", "en") == KOSOVO_FOOTNOTE


def test_a_document_that_awaits_its_review_says_so(odd_site: str, site: str) -> None:
    assert "review by July 2024 · 2 sources review due" in words(page_at(f"{odd_site}/library"))
    assert page_at(f"{odd_site}/library").css_first(".tag.warn") is not None
    assert "as of November 2018 · review by June 2027" in words(page_at(f"{site}/library"))


def test_a_document_whose_name_is_no_address_can_still_be_opened_from_the_index(odd_site: str) -> None:
    page = page_at(f"{odd_site}/library")
    (link,) = [link for link in page.css("main section a") if "<i>of</i>" in words(link)]
    opened = page_at(str(httpx.URL(f"{odd_site}/library").join(address_of(link))))
    assert f"sends {HOSTILE} with every single letter" in words(opened)
    assert "undated" in words(opened.css_first("p.facts"))


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_the_topics_as_json_have_their_dates_and_countries(site: str, odd_site: str) -> None:
    topics = {topic["id"]: topic for topic in httpx.get(f"{site}/api/v1/library").json()}
    marri = topics["marri"]
    assert set(marri) == {
        *("id", "title", "topic", "theme", "jurisdictions", "as_of", "review_by", "review_due", "publications")
    }
    assert (marri["theme"], marri["topic"], marri["as_of"]) == ("regional-cooperation", "MARRI", "2018-11")
    assert set(marri["jurisdictions"]) >= {"AL", "BA", "XK", "ME", "MK", "RS"}
    assert marri["publications"] == 8
    odd = {topic["id"]: topic for topic in httpx.get(f"{odd_site}/api/v1/library").json()}
    assert odd["nasty"]["review_due"] is True
    letter = odd[HOSTILE_NAME]
    assert (letter["theme"], letter["topic"], letter["jurisdictions"], letter["as_of"]) == ("other", None, [], None)


def test_the_topics_of_a_country_as_json(site: str) -> None:
    everything = httpx.get(f"{site}/api/v1/library").json()
    nepal = httpx.get(f"{site}/api/v1/library", params={"country": "NP"}).json()
    assert nepal == [topic for topic in everything if "NP" in topic["jurisdictions"]] != []
    assert httpx.get(f"{site}/api/v1/library", params={"country": "ZZ"}).json() == []


@pytest.mark.parametrize("country", ["np", "NPL", "", "<script>"])
def test_a_country_that_is_no_code_is_refused_in_the_shape_of_every_error(site: str, country: str) -> None:
    response = httpx.get(f"{site}/api/v1/library", params={"country": country})
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "invalid_request"
    assert response.json()["error"]["message"].startswith("country: ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_country_is_listed_by_a_name_that_can_be_asked_for(language: str) -> None:
    """But for Syria in Urdu, whose name also is the evening's."""
    listed = {code: FILES.message(f"countries.{code}", language) for code in JURISDICTIONS}
    unknown = {code: name for code, name in listed.items() if code not in places(name)}
    assert set(unknown) <= ({"SY"} if language == "ur" else set())
