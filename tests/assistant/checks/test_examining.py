"""What a model's statement must pass: its labels, figures, dates and names stand in the passage that it cites."""

import pytest

from assistant.checks.carrying import LEAST_SIMILARITY, LEAST_SIMILARITY_ACROSS
from assistant.checks.examining import Examined, examine
from assistant.checks.reasons import Reason
from assistant.labels import LabelledPassages
from assistant.parsing import parse_line
from tests.assistant.checks.similarities import all_alike, of_each
from tests.assistant.passages import labelled, passage

_MEETING = (
    "The delegation of Nepal met IOM in Tirana on 31 March 2024. The programme helped 1,300 families and cost 2.4 "
    "million euros."
)
_OTHER = "The delegation of Pakistan met UNHCR in Podgorica on 12 May 2022, when families may choose their home."
_PASSAGES = labelled(_MEETING, _OTHER)


def _check(line: str, passages: LabelledPassages = _PASSAGES) -> Examined:
    statement = parse_line(line)
    assert statement is not None
    return examine(statement, passages, all_alike(0.9))


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
    assert _check(line).reason is None


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
        ("The delegation of Nepal met IOM in Tirana on 31 March 2023. [1]", Reason.DATE),
        ("The delegation of Nepal met IOM in Tirana on 30 March 2024. [1]", Reason.DATE),
        ("The delegation of Nepal met IOM in Tirana on 31 May 2024. [1]", Reason.DATE),
        ("The meeting took place on 31.05.2024. [1]", Reason.DATE),
        ("The meeting took place on 2024-05-31. [1]", Reason.DATE),
        ("The delegation of Nepal met IOM in Skopje on 31 March 2024. [1]", Reason.PLACE),
        ("The delegation of Bhutan met IOM in Tirana. [1]", Reason.PLACE),
        ("The delegation of Nepal met UNHCR in Tirana. [1]", Reason.NAME),
        ("The delegation of Nepal met IOM in Podgorica. [1]", Reason.PLACE),
        ("Pakistan met IOM in Tirana. [1]", Reason.PLACE),
        ("Bhutan and IOM met in Tirana. [1]", Reason.PLACE),
        ("It cost 2.4 million euros. Pakistan met IOM. [1]", Reason.PLACE),
    ],
)
def test_what_the_cited_passage_does_not_hold_is_dropped(line: str, reason: Reason) -> None:
    assert _check(line) == Examined(reason=reason)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Program je pomogao 3.100 porodica. [1]", Reason.FIGURE),
        ("Delegacija Nepala sastala se 31. maja 2024. [1]", Reason.DATE),
        ("Делегација Непала састала се 31. маја 2024. године. [1]", Reason.DATE),
        ("Delegacioni u takua më 31 maj 2024. [1]", Reason.DATE),
        ("৩১ মে ২০২৪ তারিখে বৈঠক হয়। [১]", Reason.DATE),
        ("কর্মসূচিটি ৩,১০০ পরিবারকে সাহায্য করেছে। [১]", Reason.FIGURE),
        ("Delegacija se sastala sa UNHCR. [1]", Reason.NAME),
    ],
)
def test_a_wrong_figure_month_or_abbreviation_is_dropped_in_every_language(line: str, reason: Reason) -> None:
    assert _check(line) == Examined(reason=reason)


def test_an_invented_label_beside_a_real_one_vanishes() -> None:
    checked = _check("The delegation of Nepal met IOM. [1][7]")

    assert [run.found.passage.document_id for run in checked.runs] == ["document-1"]


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
    line = f"The form is at {address} for families. [1]"

    assert _check(line, labelled(line)) == Examined(reason=Reason.ADDRESS)


@pytest.mark.parametrize("line", ["Costs fell < 5 percent, e.g. in Tirana. [1]", "Art.5 and U.S. rules apply. [1]"])
def test_a_comparison_or_an_abbreviation_is_no_address(line: str) -> None:
    assert _check(line, labelled(line)).reason is None


def test_a_title_or_heading_counts_as_what_the_passage_says() -> None:
    found = passage("It was attended by Nepal.", title="Meeting of June 2024", headings=("Tirana",))
    line = "Nepal attended the meeting in Tirana in June 2024. [1]"

    assert _check(line, LabelledPassages.of([found])).reason is None


@pytest.mark.parametrize(
    ("line", "least"),
    [
        ("The delegation of Nepal met IOM in Tirana. [1]", LEAST_SIMILARITY),
        ("Delegacija Nepala sastala se sa IOM u Tirani. [1]", LEAST_SIMILARITY_ACROSS),
    ],
)
def test_a_statement_rests_on_a_sentence_that_is_near_to_it(line: str, least: float) -> None:
    statement = parse_line(line)
    assert statement is not None

    assert examine(statement, _PASSAGES, of_each([least + 0.01, 0.2], [0.2, 0.2])).reason is None
    assert examine(statement, _PASSAGES, of_each([least - 0.01, 0.2], [0.2, 0.2])).reason is Reason.UNSUPPORTED


_TWO_MEETINGS = (
    "The group met in Tirana on 4 June 2024 with delegations from Nepal. "
    "It met in Belgrade on 26 March 2024 with delegations from Iraq. "
    "Denmark is not bound by the agreement, which covers more than 40 cases."
)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("The group met in Tirana on 26 June 2024. [1]", Reason.DATE),
        ("The group met in Tirana on 4 March 2024. [1]", Reason.DATE),
        ("The group met in Tirana with delegations from Iraq. [1]", Reason.PLACE),
        ("Denmark is bound by the agreement. [1]", Reason.NEGATION),
        ("The group never met in Tirana on 4 June 2024. [1]", Reason.NEGATION),
        ("The agreement covers fewer than 40 cases, and Denmark is not bound by it. [1]", Reason.COMPARISON),
        ("Danska je vezana sporazumom. [1]", Reason.NEGATION),
        ("Grupa se nije sastala u Tirani 4. juna 2024. [1]", Reason.NEGATION),
        ("তিরানায় দলটি ৪ মার্চ ২০২৪ বৈঠক করে। [1]", Reason.DATE),
        ("تیرانا میں گروپ 4 مارچ 2024 کو ملا۔ [1]", Reason.DATE),
        ("Grupi u takua në Tiranë me delegacione nga Iraku. [1]", Reason.PLACE),
    ],
)
def test_what_is_put_together_from_two_sentences_or_turned_round_is_dropped(line: str, reason: Reason) -> None:
    statement = parse_line(line)
    assert statement is not None
    nearest = [0.95, 0.86, 0.86] if "Tir" in line or "তির" in line or "تیر" in line else [0.86, 0.86, 0.95]

    assert examine(statement, labelled(_TWO_MEETINGS), of_each(nearest)) == Examined(reason=reason)


@pytest.mark.parametrize(
    "line",
    [
        "The group met in Tirana on 4 June 2024. [1]",
        "Delegations from Nepal met the group in Tirana. [1]",
        "Denmark is not bound by the agreement. [1]",
        "Grupa se sastala u Tirani 4. juna 2024. [1]",
        "Danska nije vezana sporazumom. [1]",
        "দলটি ৪ জুন ২০২৪ তিরানায় বৈঠক করে। [1]",
    ],
)
def test_what_the_sentences_say_is_kept_and_shown_with_the_one_sentence_that_carries_it(line: str) -> None:
    statement = parse_line(line)
    assert statement is not None
    is_about_denmark = "Denmark" in line or "Danska" in line
    nearest = [0.86, 0.85, 0.95] if is_about_denmark else [0.95, 0.86, 0.85]

    examined = examine(statement, labelled(_TWO_MEETINGS), of_each(nearest))

    assert examined.reason is None
    assert [run.text for run in examined.runs] == [
        _TWO_MEETINGS.split(". ")[2 if is_about_denmark else 0].rstrip(".") + "."
    ]


def test_a_statement_that_rests_on_two_passages_is_shown_with_both() -> None:
    passages = labelled("Nepal sent a delegation to Tirana.", "Pakistan sent a delegation to Podgorica.")
    statement = parse_line("Nepal sent a delegation to Tirana and Pakistan one to Podgorica. [1][2]")
    assert statement is not None

    examined = examine(statement, passages, of_each([0.92], [0.92]))

    assert [run.found.passage.document_id for run in examined.runs] == ["document-1", "document-2"]


def test_a_citation_that_adds_nothing_is_left_out() -> None:
    passages = labelled("Nepal sent a delegation to Tirana.", "Nepal has a delegation of its own.")
    statement = parse_line("Nepal sent a delegation to Tirana. [1][2]")
    assert statement is not None

    examined = examine(statement, passages, of_each([0.96], [0.9]))

    assert [run.found.passage.document_id for run in examined.runs] == ["document-1"]


def test_a_true_sentence_with_the_label_of_another_passage_is_dropped() -> None:
    passages = labelled(
        "Nepal sent a delegation to Tirana.", "A delegation of Nepal was to be sent somewhere, to Tirana."
    )
    statement = parse_line("Nepal sent a delegation to Tirana. [2]")
    assert statement is not None

    assert examine(statement, passages, of_each([0.97], [0.9])).reason is Reason.UNSUPPORTED


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("The clause covers travellers in transit. [1]", Reason.NEGATION),
        ("Travellers in transit fall outside the clause. [1]", None),
    ],
)
def test_what_falls_outside_is_not_covered(line: str, reason: Reason | None) -> None:
    assert _check(line, labelled("Travellers in transit fall outside the clause.")).reason is reason
