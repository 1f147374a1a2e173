"""What is planted differs from the true statement in one thing, and is the same in every run."""

import pytest

from evals.planted.planting import plant
from evals.planted.statements import in_latin, load_statements

_ENGLISH = (
    "Of 296 victims in Serbia, 130 did not meet IOM and Edward Ferguson in Tirana on 12 May 2022, more than two before."
)
_PASSAGE = f"{_ENGLISH} In Albania and Nepal 77 came on 3 June 2019."


def _planted(text: str = _ENGLISH, language: str = "en") -> dict[tuple[str, bool], str]:
    return {(made.kind, made.nearby): made.text for made in plant("a/b", text, language, _PASSAGE)}


def test_every_kind_is_planted_once_and_alike_in_every_run() -> None:
    planted = _planted()
    assert planted == _planted()
    kinds = {kind for kind, _ in planted}
    assert kinds == {"figure", "number word", "year", "day", "month", "country", "city", "person", "organisation",
                     "negation dropped", "comparison"}  # fmt: skip


@pytest.mark.parametrize("kind", ["figure", "year", "day", "month", "country", "city", "person"])
def test_what_is_planted_changes_one_thing_and_leaves_the_rest(kind: str) -> None:
    before, after = _ENGLISH.split(), _planted()[kind, False].split()
    changed = set(before) ^ set(after)
    assert 0 < len(changed) <= 6


def test_nearby_takes_what_the_passage_holds() -> None:
    planted = _planted()
    assert "77" in planted["figure", True]
    assert "2019" in planted["year", True]
    assert "June" in planted["month", True]
    assert {"Albania", "Nepal"} & set(planted["country", True].replace(",", " ").split())


def test_digits_stay_in_their_script() -> None:
    planted = {made.kind: made.text for made in plant("a/b", "সার্বিয়ায় ২৯৬ জন ১২ মে ২০২২ এসেছেন।", "bn", "")}
    assert not any(character in "0123456789" for text in planted.values() for character in text)


def test_every_statement_is_of_a_case_and_half_of_them_are_kept_for_the_test() -> None:
    statements = load_statements()
    english = [item for item in statements if item.language == "en"]
    assert len(english) >= 150
    assert 0.4 < sum(item.part == "test" for item in english) / len(english) < 0.6
    for item in english:
        assert item.text not in item.case.evidence[0].statement
    languages = {item.language for item in statements}
    assert languages == {"en", "sq", "sr", "sr-Latn", "mk", "bn", "ne", "ur", "ar"}


def test_serbian_is_written_in_latin_letters_too() -> None:
    assert in_latin("Његош у Џепу, Ћуприја") == "Njegoš u Džepu, Ćuprija"
