"""What the pages say, in every language: whole, with the same placeholders, nothing left in English, nothing unseen."""

import re
import string
import tomllib
import unicodedata
from importlib import import_module
from pathlib import Path

import pytest

import integrations.web
from integrations.web.desk.plurals import category_of
from integrations.web.languages import ENGLISH, LANGUAGES

WEB = Path(integrations.web.__file__).parent
AREAS = sorted(folder.parent for folder in (WEB.parent).rglob("messages") if folder.parent.name != "slack")
OTHERS = sorted(set(LANGUAGES) - {ENGLISH})
EVERY = pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
IN_OTHERS = pytest.mark.parametrize("language", OTHERS)

# The same in every language: the desk's name.
_SAME_EVERYWHERE = {"page.name"}
# These happen to be spelled as in English.
_SAME_WORDS = {
    "sq": "Serbia Austria India Italia Estonia Eritrea Armenia Australia Libia Malta Nigeria Somalia Burundi "
    "Sri_Lanka Moldavia Siria",
    "sr-Latn": "Nepal Pakistan Burundi Iran Uzbekistan Jordan Malta Oman Portugal Senegal Sudan Turkmenistan Kosovo* "
    "Original:_{host} Original",
}
_SCRIPTS = {"sr": "CYRILLIC", "mk": "CYRILLIC", "bn": "BENGALI", "ne": "DEVANAGARI", "ur": "ARABIC", "ar": "ARABIC"}
# What stays in Latin letters among them: names, abbreviations, keys of a keyboard, placeholders.
_LATIN = re.compile(
    r"\{\w+\}|\[\w+\]|\b[A-Z]{2,}\w*|\bEnter\b|\bShift\b|\bWord\b|\bMigration Desk\b|\bJavaScript\b|https?\S+"
)
_FORM = re.compile(r"\[(zero|one|two|few|many|other)\]")
_JOINERS = "\u200c\u200d"  # zero width, as Bengali, Nepali and Urdu are written with
_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")


def texts(area: Path, language: str) -> dict[str, str]:
    """Each text of the area by ``section.name``."""
    sections: dict[str, dict[str, str]] = tomllib.loads(file(area, language).read_text(encoding="utf-8"))
    return {f"{section}.{name}": words for section, messages in sections.items() for name, words in messages.items()}


def file(area: Path, language: str) -> Path:
    return area / "messages" / f"{language}.toml"


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def test_every_area_is_looked_at() -> None:
    assert {area.name for area in AREAS} >= {"web", "answers", "library", "desk", "entry"}
    for area in AREAS:
        assert import_module(".".join(area.relative_to(WEB.parents[1]).parts)).__file__


@EVERY
def test_an_area_speaks_every_language_and_no_other(area: Path) -> None:
    assert {path.name for path in (area / "messages").iterdir()} == {f"{language}.toml" for language in LANGUAGES}


@EVERY
@IN_OTHERS
def test_a_language_has_the_texts_and_placeholders_of_english(area: Path, language: str) -> None:
    english, own = texts(area, ENGLISH), texts(area, language)
    assert list(own) == list(english), "the same texts in the same order, so that two files can be laid side by side"
    assert {key: placeholders(words) for key, words in own.items()} == {
        key: placeholders(words) for key, words in english.items()
    }


@EVERY
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_with_a_number_has_every_form_the_language_needs(area: Path, language: str) -> None:
    needed = {category_of(language, count) for count in range(201)} | {"other"}
    english = texts(area, ENGLISH)
    for key, words in texts(area, language).items():
        forms = _FORM.findall(words)
        assert bool(forms) == bool(_FORM.findall(english[key])), key
        assert not forms or set(forms) >= needed, f"{key} lacks {needed - set(forms)}"
        assert len(forms) == len(set(forms)), key


@EVERY
@IN_OTHERS
def test_nothing_is_left_in_english_and_a_native_speaker_is_asked_for(area: Path, language: str) -> None:
    english, own = texts(area, ENGLISH), texts(area, language)
    same = {key for key, words in own.items() if words == english[key]} - _SAME_EVERYWHERE
    known = {words.replace("_", " ") for words in _SAME_WORDS.get(language, "").split()}
    assert {key: own[key] for key in same if own[key] not in known} == {}
    assert file(area, language).read_text(encoding="utf-8").startswith("# Not yet reviewed by a native speaker.\n")


@EVERY
@pytest.mark.parametrize("language", _SCRIPTS)
def test_a_language_is_written_in_its_own_script(area: Path, language: str) -> None:
    foreign: dict[str, str] = {}
    for key, words in texts(area, language).items():
        letters = [letter for letter in _LATIN.sub("", words) if letter.isalpha()]
        strange = [letter for letter in letters if _SCRIPTS[language] not in unicodedata.name(letter, "")]
        if key not in _SAME_EVERYWHERE and strange:
            foreign[key] = words
    assert foreign == {}


@EVERY
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_unseen_stands_in_a_text(area: Path, language: str) -> None:
    """No control characters, none that turn the direction, no doubled letters that look like one, no markup."""
    for key, words in texts(area, language).items():
        hidden = [
            c for c in words if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") and c not in _JOINERS
        ]
        assert hidden == [], key
        assert words == unicodedata.normalize("NFC", words), key
        assert words == words.strip() != "", key
        assert "<" not in words and "&" not in words and "  " not in words, key


@EVERY
def test_no_text_is_there_that_nobody_says(area: Path) -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for ending in ("py", "js") for path in sorted(WEB.parent.rglob(f"*.{ending}"))
    )
    unsaid = []
    for key in texts(area, ENGLISH):
        section, name = key.split(".")
        beginnings = re.findall(rf"""["'`]{re.escape(section)}\.(\w*)[{{$]""", code)
        if not re.search(rf"""["']{re.escape(key)}["']""", code) and not any(
            name.startswith(beginning) for beginning in beginnings
        ):
            unsaid.append(key)
    assert unsaid == []
