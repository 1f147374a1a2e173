"""The towns and organisations that our readers ask about most are known in a sentence in every language, inflected and
transliterated as people write them."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.bodies import bodies
from knowledge.places import places

_SENTENCES = {
    "sq": "Çfarë u tha për {} vitin e kaluar?",
    "sl": "Шта је речено o {} прошле године?",
    "bn": "গত বছর {} কী বলা হয়েছিল?",
    "ne": "गत वर्ष {} के भनियो?",
    "ur": "پچھلے سال {} میں کیا کہا گیا؟",
    "ar": "ماذا قيل في {} العام الماضي؟",
}
_FORMS: dict[str, dict[str, dict[str, str]]] = tomllib.loads(
    Path(__file__).with_name("name_forms.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(("section", "found_in"), [("places", places), ("bodies", bodies)])
def test_a_name_is_known_in_a_sentence_however_it_is_written(
    section: str, found_in: Callable[[str], frozenset[str]]
) -> None:
    forms = [
        (thing, language, form)
        for thing, by_language in _FORMS[section].items()
        for language, listed in by_language.items()
        for form in listed.split(", ")
    ]

    assert [named for named in forms if found_in(_SENTENCES[named[1]].format(named[2])) != {named[0]}] == []
    assert {language for _, language, _ in forms} == set(_SENTENCES)


def test_a_body_with_a_countrys_name_in_it_is_no_country() -> None:
    assert places("The Danish Refugee Council (DRC)") == places("Данскиот совет за бегалци") == frozenset()
    assert places("a Danish council") == {"DK"}
