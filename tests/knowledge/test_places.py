"""Countries and cities are known in every language and script of our readers, and nothing else is taken for them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.jurisdictions import JURISDICTIONS
from knowledge.places import country_of, english_name, name_in, place_spans, places, with_countries


@pytest.mark.parametrize(
    ("place", "spellings"),
    [
        ("tirana", "Tirana Tirani Тирани Тирана Tiranë Tirane Tiranës تيرانا তিরানায় तिरानामा tiranskom"),
        ("belgrade", "Beograd Beogradu Београду Белград Beogradi بلغراد বেলগ্রেডে बेलग्रेडमा beogradski"),
        ("DE", "Germany Nemačka Nemačkoj Njemačke Gjermania Gjermanisë Германија জার্মানিতে जर्मनीको جرمنی ألمانيا "
               "الألمانية nemačkih gjermane German"),
        ("XK", "Kosovo* Kosova Kosovës Kosovu Косову kosovski Kosovar কসোভোর कोसोभोमा کوسوو"),
        ("RS", "Serbia Srbiji srpski Serbian Srbi српских serb serbët সার্বিয়ায় सर्बियाली صربيا الصربية"),
        ("BD", "Bangladeshis Bangladeša bangladeški বাংলাদেশি বাংলাদেশে बङ्गलादेशी بنغلاديش"),
        ("PK", "Pakistanis Pakistanci pakistanski Pakistanit पाकिस्तानी पाकिस्तानका پاکستانی الباكستانية"),
        ("NP", "Nepali Nepalese nepalski Nepalit नेपालीहरूको नेपालमा نیپالی نيبال নেপালের"),
        ("IQ", "Iraq Iraku irački العراق والعراق ইরাকের इराकबाट عراق"),
        ("AL", "Albania shqiptar shqiptare albanski Albanci Shqipërisë আলবেনিয়ার अल्बानियालाई البانیہ"),
    ],
)  # fmt: skip
def test_a_place_is_known_in_every_language_script_and_case(place: str, spellings: str) -> None:
    assert {word: places(word) for word in spellings.split()} == {word: {place} for word in spellings.split()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bosna i Hercegovina, Bosni i Hercegovini, Bosnja dhe Hercegovina, Bosnjës dhe Hercegovinës", {"BA"}),
        ("u Crnoj Gori, Crne Gore, Malit të Zi, në Malin e Zi, الجبل الأسود, মন্টিনিগ্রোতে", {"ME"}),
        ("Северна Македонија, Maqedonisë së Veriut, شمالی مقدونیہ, উত্তর মেসিডোনিয়ার", {"MK"}),
        ("Niger and its neighbours", {"NE"}),
        ("Nigeria and Nigerians", {"NG"}),
        ("Guinea-Bissau", {"GW"}),
        ("Equatorial Guinea and Papua New Guinea", {"GQ", "PG"}),
        ("South Sudan", {"SS"}),
        ("Austrija and Australija", {"AT", "AU"}),
        ("Iran, not Iraq", {"IR", "IQ"}),
        ("Jordan and Georgia", {"JO", "GE"}),
        ("the US, the UK, the EU", {"US", "GB", "EU"}),
        ("Republika Srpska", {"BA"}),
        ("readmision tirana june", {"tirana"}),
        ("Siberia in Latin America paid US dollars", set()),
        ("turkey on china plates, a polish wall; be us", set()),
        ("Nisu bili sad u toku.", set()),
        ("مغربی بلقان", set()),
        ("Finance and dance", set()),
    ],
)
def test_what_is_no_place_or_another_is_told_apart(text: str, expected: set[str]) -> None:
    assert places(text) == expected


def test_a_city_lies_in_a_country() -> None:
    assert country_of("tirana") == "AL"
    assert country_of("AL") is None
    assert with_countries({"erbil", "RS"}) == {"erbil", "IQ", "RS"}


@settings(deadline=None)
@given(st.text(alphabet=st.characters()))
def test_no_text_whatever_breaks_it(text: str) -> None:
    assert all(country_of(place) or place.isupper() for place in places(text))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("From Serbia, North Macedonia and Serbia", ["Serbia", "North Macedonia", "Serbia"]),
        ("u Crnoj Gori i u Beogradu", ["Crnoj Gori", "Beogradu"]),
        ("তিরানায় কোন দেশ?", ["তিরানায়"]),
        ("nowhere", []),
    ],
)
def test_where_a_place_is_named_is_told_word_for_word(text: str, named: list[str]) -> None:
    assert [text[start:end] for start, end, _ in place_spans(text)] == named


# --- to be shown ------------------------------------------------------------------------------------------------------

_LANGUAGES = ("en", "sq", "sr-Latn", "bs", "sr", "mk", "bn", "ne", "ur", "ar", "de")
_SHOWN = [*JURISDICTIONS, "tirana", "skopje", "belgrade", "sarajevo", "podgorica", "prishtina", "ohrid", "vienna"]


@pytest.mark.parametrize("language", _LANGUAGES)
def test_the_name_that_is_shown_of_a_place_is_one_that_names_it(language: str) -> None:
    assert {
        place: places(name_in(place, language)) for place in _SHOWN if place not in places(name_in(place, language))
    } == {}


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("skopje", "Skopje Shkup Skoplje Скопље Скопје سكوبيه"),
        ("AL", "Albania Shqipëria Albanija Албанија Албанија ألبانيا"),
        ("vienna", "Vienna Vjenë Beč Беч Виена فيينا"),
        ("prishtina", "Pristina Prishtinë Priština Приштина Приштина بريشتينا"),
        ("ljubljana", "Ljubljana Lubjanë Ljubljana Љубљана Љубљана ليوبليانا"),
    ],
)
def test_a_place_is_shown_in_the_language_and_script_of_the_reader(place: str, shown: str) -> None:
    assert [name_in(place, language) for language in ("en", "sq", "sr-Latn", "sr", "mk", "ar")] == shown.split()


def test_what_has_no_name_in_a_language_is_shown_by_its_english_one() -> None:
    assert name_in("gerhot", "bn") == english_name("gerhot") == "Gerhot"
