"""What a model's statement must pass: its labels, figures, dates and names stand in the passage that it cites."""

import pytest

from assistant.checks import LEAST_SIMILARITY, LEAST_SIMILARITY_ACROSS, Checked, Reason, check_words, supported
from assistant.labels import LabelledPassages
from assistant.parsing import parse_line
from tests.assistant.passages import labelled, passage

_MEETING = (
    "The delegation of Nepal met IOM in Tirana on 31 March 2024. The programme helped 1,300 families and cost 2.4 "
    "million euros."
)
_OTHER = "The delegation of Pakistan met UNHCR in Podgorica on 12 May 2022, when families may choose their home."
_PASSAGES = labelled(_MEETING, _OTHER)


def _check(line: str, same_language: bool = True) -> Checked:
    statement = parse_line(line)
    assert statement is not None
    return check_words(statement, _PASSAGES, same_language)


@pytest.mark.parametrize(
    "line",
    [
        "The delegation of Nepal met IOM in Tirana on 31 March 2024. [1]",
        "On 31 March 2024 Nepal and IOM met in Tirana. [1]",
        "It was in March 2024 that the delegation met IOM. [1]",
        "The programme helped 1 300 families. [1]",
        "The cost was 2,4 million euros. [1]",
        "The meeting took place on 31.03.2024 in Tirana. [1]",
        "The meeting took place on 2024-03-31 in Tirana. [1]",
        "It was Nepal's delegation that IOM met. [1]",
        "It was Nepal’s delegation that IOM met. [1]",
        "Families may choose their home. [2]",
        "The report of the programme says what it cost. [1]",
        "Nepal met IOM in Tirana, Pakistan met UNHCR in Podgorica. [1][2]",
    ],
)
def test_a_true_statement_passes(line: str) -> None:
    assert _check(line).reason is None


@pytest.mark.parametrize(
    "line",
    [
        "Delegacija Nepala sastala se sa IOM u Tirani 31. marta 2024. [1]",
        "Sastanak u Tirani održan je 31.03.2024. godine. [1]",
        "Sastanak u Tirani održan je 31.03. pred Uskrs. [1]",
        "Program je pomogao 1.300 porodica i koštao 2,4 miliona evra. [1]",
        "Делегација Непала састала се са IOM у Тирани 31. марта 2024. године. [1]",
        "Делегацијата на Непал се сретна со IOM во Тирана на 31 март 2024 година. [1]",
        "Delegacija Nepala sastala se sa delegacijom IOM-a u Tirani. [1]",
        "Delegacioni i Nepalit u takua me IOM në Tiranë më 31 mars 2024. [1]",
        "Programi i IOM-it u zbatua me 1.300 familje. [1]",
        "Programi ndihmoi 1.300 familje dhe kushtoi 2,4 milionë euro. [1]",
        "৩১ মার্চ ২০২৪ তারিখে নেপালের প্রতিনিধিদল তিরানায় IOM-এর সঙ্গে বৈঠক করে। [১]",
        "কর্মসূচিটি ১,৩০০ পরিবারকে সাহায্য করেছে। [১]",
        "कार्यक्रमले १,३०० परिवारलाई सहयोग गर्‍यो। [१]",
        "اجتمع وفد نيبال في تيرانا في ٣١ مارس ٢٠٢٤. [١]",
        "نیپال کا وفد ۳۱ مارچ ۲۰۲۴ کو تیرانا میں ملا۔ [۱]",
    ],
)
def test_a_true_statement_passes_in_the_languages_of_our_readers(line: str) -> None:
    assert _check(line, same_language=False).reason is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("The delegation of Nepal met IOM.", Reason.NO_LABEL),
        ("The delegation of Nepal met IOM. [3]", Reason.UNKNOWN_LABEL),
        ("The delegation of Nepal met IOM. [0][99]", Reason.UNKNOWN_LABEL),
        ("The programme helped 3,100 families. [1]", Reason.FIGURE),
        ("The programme helped 13 families. [1]", Reason.FIGURE),
        ("The programme cost 24 million euros. [1]", Reason.FIGURE),
        ("The programme helped 1,300 families. [2]", Reason.FIGURE),
        ("The delegation of Nepal met IOM in Tirana on 31 March 2023. [1]", Reason.FIGURE),
        ("The delegation of Nepal met IOM in Tirana on 30 March 2024. [1]", Reason.FIGURE),
        ("The delegation of Nepal met IOM in Tirana on 31 May 2024. [1]", Reason.MONTH),
        ("The meeting took place on 31.05.2024. [1]", Reason.MONTH),
        ("The meeting took place on 2024-05-31. [1]", Reason.MONTH),
        ("The delegation of Nepal met IOM in Skopje on 31 March 2024. [1]", Reason.NAME),
        ("The delegation of Bhutan met IOM in Tirana. [1]", Reason.NAME),
        ("The delegation of Nepal met UNHCR in Tirana. [1]", Reason.NAME),
        ("The delegation of Nepal met IOM in Podgorica. [1]", Reason.NAME),
        ("Pakistan met IOM in Tirana. [1]", Reason.NAME),
        ("Bhutan and IOM met in Tirana. [1]", Reason.NAME),
        ("It cost 2.4 million euros. Pakistan met IOM. [1]", Reason.NAME),
    ],
)
def test_what_the_cited_passage_does_not_hold_is_dropped(line: str, reason: Reason) -> None:
    assert _check(line) == Checked(reason=reason)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Program je pomogao 3.100 porodica. [1]", Reason.FIGURE),
        ("Delegacija Nepala sastala se 31. maja 2024. [1]", Reason.MONTH),
        ("Делегација Непала састала се 31. маја 2024. године. [1]", Reason.MONTH),
        ("Delegacioni u takua më 31 maj 2024. [1]", Reason.MONTH),
        ("৩১ মে ২০২৪ তারিখে বৈঠক হয়। [১]", Reason.MONTH),
        ("কর্মসূচিটি ৩,১০০ পরিবারকে সাহায্য করেছে। [১]", Reason.FIGURE),
        ("Delegacija se sastala sa UNHCR. [1]", Reason.NAME),
    ],
)
def test_a_wrong_figure_month_or_abbreviation_is_dropped_in_every_language(line: str, reason: Reason) -> None:
    assert _check(line, same_language=False) == Checked(reason=reason)


def test_an_invented_label_beside_a_real_one_vanishes() -> None:
    checked = _check("The delegation of Nepal met IOM. [1][7]")

    assert [found.passage.document_id for found in checked.cited] == ["document-1"]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/login",
        "http://evil.example",
        "HTTPS://EVIL.EXAMPLE",
        "ftp://files.example/visa",
        "www.evil.example",
        "evil-site.com/login",
        "help@evil.example",
        "[the form](https://evil.example)",
        "[the form](evil)",
        "![](https://evil.example/pixel.png)",
        '<a href="//evil.example">the form</a>',
        "<img src=x onerror=alert(1)>",
        "< script >alert(1)</ script >",
        "<!-- hidden -->",
    ],
)
def test_a_statement_with_an_address_or_markup_is_dropped_even_where_the_passage_holds_it(address: str) -> None:
    statement = parse_line(f"The form is at {address} for families. [1]")
    assert statement is not None

    assert check_words(statement, labelled(f"The form is at {address} for families."), True) == Checked(
        reason=Reason.ADDRESS
    )


@pytest.mark.parametrize("line", ["Costs fell < 5 percent, e.g. in Tirana. [1]", "Art.5 and U.S. rules apply. [1]"])
def test_a_comparison_or_an_abbreviation_is_no_address(line: str) -> None:
    statement = parse_line(line)
    assert statement is not None

    assert check_words(statement, labelled(line), True).reason is None


def test_a_title_or_heading_counts_as_what_the_passage_says() -> None:
    found = passage("It was attended by Nepal.", title="Meeting of June 2024", headings=("Tirana",))
    statement = parse_line("Nepal attended the meeting in Tirana in June 2024. [1]")
    assert statement is not None

    assert check_words(statement, LabelledPassages.of([found]), True).reason is None


def test_a_passage_supports_a_statement_by_its_best_sentence() -> None:
    near, far = LEAST_SIMILARITY + 0.01, LEAST_SIMILARITY_ACROSS - 0.01

    assert supported([[far, near], [far, far], []], same_language=True) == [True, False, False]


def test_across_languages_less_similarity_is_enough() -> None:
    between = (LEAST_SIMILARITY + LEAST_SIMILARITY_ACROSS) / 2

    assert supported([[between]], same_language=True) == [False]
    assert supported([[between]], same_language=False) == [True]
