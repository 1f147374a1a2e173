import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.parting import is_tail, parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("When did MARRI meet, and when did the RGRS meet?", ("When did MARRI meet", "when did the RGRS meet?")),
        (
            "Which pillar is about visas, and how did the EU leaders react in 2023?",
            ("Which pillar is about visas", "how did the EU leaders react in 2023?"),
        ),
        (
            "When was MARRI founded and in which city does it sit?",
            ("When was MARRI founded", "in which city does it sit? MARRI"),
        ),
        ("Who was invited? Who of them came to Tirana?", ("Who was invited", "Who of them came to Tirana?")),
        (
            "Kur u mbajt takimi në Tiranë dhe cilat vende morën pjesë në të?",
            ("Kur u mbajt takimi në Tiranë", "cilat vende morën pjesë në të? Tiranë"),
        ),
        (
            "Када је MARRI основан, а где му је седиште данас?",
            ("Када је MARRI основан", "где му је седиште данас? MARRI"),
        ),
        (
            "معاہدہ کب نافذ ہوا، اور کن ممالک نے دستخط کیے؟",
            ("معاہدہ کب نافذ ہوا", "کن ممالک نے دستخط کیے؟ معاہدہ کب نافذ ہوا"),
        ),
        ("متى عُقد الاجتماع، وكم دولة حضرت الاجتماع؟", ("متى عُقد الاجتماع", "وكم دولة حضرت الاجتماع؟ متى عُقد الاجتماع")),
    ],
)
def test_questions_in_one_sentence_are_taken_apart_and_stand_by_themselves(
    question: str, parts: tuple[str, ...]
) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "What are the quotas of Serbia and of North Macedonia?",
        "What is the difference between A1 and C2 when learning German?",
        "Where can I find a doctor who speaks Albanian?",
        "What did the ministers say about readmission, return and reintegration?",
        "Which countries, if any, have signed?",
        "Who and where?",
        "२०२५ को प्रस्तावित कोटा दुई इन्टिटी र Brčko बीच कसरी बाँडिएको थियो?",
        "Who met there, and when did they meet, and where did they meet, and why did they meet?",
        "",
    ],
)
def test_one_question_stays_whole(question: str) -> None:
    assert parts_of(question) == (question,)


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from("who when , and ? Tirana met, i šta a کب ، و".split())).map(" ".join)
)
def test_no_text_breaks_it_and_nothing_of_the_first_part_is_invented(question: str) -> None:
    parts = parts_of(question)
    assert 1 <= len(parts) <= 3
    assert parts[0] in question or parts[0].strip() in question


def test_of_what_sort_is_hardly_a_question_of_its_own() -> None:
    _, tail = parts_of("How many laws are in the pact and of what sort?")
    _, own = parts_of("When was MARRI founded and in which city does it sit?")
    assert is_tail(tail) and not is_tail(own)
