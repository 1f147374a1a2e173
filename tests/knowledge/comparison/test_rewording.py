"""What kind of change there is between two wordings, and in which words."""

import pytest
from hypothesis import given

from knowledge.comparison.rewording import Touch, rewording
from knowledge.normalisation import normalise, one_line
from tests.knowledge.patience import patience
from tests.knowledge.wild_text import wild_text


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("The fee for a permit is EUR 30 a year.", "The fee for a permit is EUR 35 a year.", ["figure_changed"]),
        ("The fee for a permit is EUR 30 a year.", "The fee for a permit is USD 30 a year.", ["figure_changed"]),
        ("About 1,200 people returned home.", "About 1,300 people returned home.", ["figure_changed"]),
        ("About 1,200 people returned home.", "About 1200 people returned home.", ["reworded"]),
        ("About 12% of them were children.", "About 12 per cent of them were children.", ["reworded"]),
        ("The share of returns fell by -5% then.", "The share of returns fell by 5% then.", ["figure_changed"]),
        ("Three countries signed the agreement.", "Four countries signed the agreement.", ["figure_changed"]),
        ("It was signed in Tirana on 4 June 2024.", "It was signed in Tirana on 5 June 2024.", ["date_changed"]),
        ("It was signed in Tirana on 4 June 2024.", "It was signed in Tirana on 4 May 2024.", ["date_changed"]),
        ("It was signed in Tirana on 4 June 2024.", "It was signed in Tirana on 4 June 2025.", ["date_changed"]),
        ("It was signed in Tirana on 4 June 2024.", "It was signed in Tirana on June 4, 2024.", ["reworded"]),
        ("It was signed in Tirana on 4 June 2024.", "It was signed in Tirana on 04.06.2024.", ["reworded"]),
        ("It is valid until 2024-06-30 in Serbia.", "It is valid until 2024-12-31 in Serbia.", ["date_changed"]),
        ("The plan runs 2023–2025 in the region.", "The plan runs 2023–2027 in the region.", ["date_changed"]),
        ("The budget of 2023/24 was adopted there.", "The budget of 2023/25 was adopted there.", ["date_changed"]),
        ("The meeting is on Monday in Skopje then.", "The meeting is on Tuesday in Skopje then.", ["date_changed"]),
        ("They met on 4 and 5 June 2024 in Tirana.", "They met on 6 and 7 June 2024 in Tirana.", ["date_changed"]),
        ("It cost 2000 euros to come to the town.", "It cost 1990 euros to come to the town.", ["figure_changed"]),
        (
            "On 4 June 2024 there were 30 delegates.",
            "On 5 June 2024 there were 35 delegates.",
            ["figure_changed", "date_changed"],
        ),
        (
            "About 30 delegates came to the meeting.",
            "Some 35 delegates came to the meeting.",
            ["reworded", "figure_changed"],
        ),
        ("Applicants may not work in the country.", "Applicants may work in the country.", ["negation_changed"]),
        ("Applicants can't work in the country.", "Applicants can work in the country.", ["negation_changed"]),
        ("Applicants cannot work in the country.", "Applicants can't work in the country.", ["reworded"]),
        (
            "No. 5 of the list is about permits.",
            "Number 5 of the list is about permits.",
            ["reworded"],
        ),
        (
            "They have no right to stay for 30 days.",
            "They have a right to stay for 90 days.",
            ["negation_changed", "figure_changed"],
        ),
        ("Dozvola nije potrebna za kraći boravak.", "Dozvola je potrebna za kraći boravak.", ["negation_changed"]),
        ("Дозвола не важи за сродници во земјата.", "Дозвола важи за сродници во земјата.", ["negation_changed"]),
        ("Leja nuk vlen për familjarët në vend.", "Leja vlen për familjarët në vend.", ["negation_changed"]),
        ("Leja vlen në Tiranë dhe për familjarët.", "Leja vlen Tiranë dhe për familjarët.", ["reworded"]),
        ("সভা ৫ জুন ঢাকা শহরে হয়েছিল বলে জানা যায়।", "সভা ৬ জুন ঢাকা শহরে হয়েছিল বলে জানা যায়।", ["date_changed"]),
        ("اجلاس میں ۳۰ افراد شریک تھے اور بس۔", "اجلاس میں ۳۵ افراد شریک تھے اور بس۔", ["figure_changed"]),
        ("یہ اجازت نامہ درست نہیں ہے آج کل۔", "یہ اجازت نامہ درست ہے آج کل۔", ["negation_changed"]),
        ("The office, in Tirana, is open to them.", "The office in Tirana is open to them.", ["reworded"]),
    ],
)
def test_what_kind_of_change_it_is(old: str, new: str, kinds: list[Touch]) -> None:
    for before, after in ((old, new), (new, old)):
        found = rewording(before, after)
        assert [found.kind, *found.also] == kinds


def test_the_words_that_changed_are_told_from_those_that_stayed() -> None:
    found = rewording("Applicants may not work for 30 days.", "Applicants may work for 90 days.")
    assert [(segment.kind, segment.text) for segment in found.segments] == [
        ("kept", "Applicants may "),
        ("removed", "not"),
        ("kept", " work for "),
        ("removed", "30"),
        ("added", "90"),
        ("kept", " days."),
    ]


def test_one_word_said_again_and_again_is_no_trap() -> None:
    old, new = ("a b " * 700) + "a.", "b " + ("a b a " * 450) + "b."
    with patience():
        kinds = [segment.kind for segment in rewording(old, new).segments]
    assert kinds == ["removed", "added", "kept"]


@given(wild_text.map(normalise).map(one_line), wild_text.map(normalise).map(one_line))
def test_the_segments_give_both_wordings_of_any_text(old: str, new: str) -> None:
    segments = rewording(old, new).segments
    for text, absent in ((old, "added"), (new, "removed")):
        said = "".join(segment.text for segment in segments if segment.kind != absent)
        assert "".join(said.split()) == "".join(text.split())
