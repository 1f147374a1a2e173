"""A press release says in its first words where and when it was; a sentence that begins like one is none."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.datelines import dateline
from knowledge.dates import dates
from tests.knowledge.wild_text import wild_text

_OPENED = {
    "Tirana, 4-5 June 2024 – The Group met.": "Tirana, 4-5 June 2024",
    "RELEASE: The Group meets\n\nNews\nLocal\n\nBelgrade 26-28 March, 2024 - The Group": "Belgrade 26-28 March, 2024",
    "Belgrade 26 - 28 March 2024 - The Group": "Belgrade 26 - 28 March 2024",
    "Tirana, 31 May – 1 June 2024 – The Group": "Tirana, 31 May – 1 June 2024",
    "SKOPJE, 12 May (Agency) — Ministers": "SKOPJE, 12 May (Agency)",
    "Belgrade 12.03.2024: Ministers": "Belgrade 12.03.2024",
    "Sarajevo, Bosnia and Herzegovina, 3 May 2023 -- The": "Sarajevo, Bosnia and Herzegovina, 3 May 2023",
    "Struga, 12 June 2024 – The": "Struga, 12 June 2024",
    "4 June 2024 – The Group": "4 June 2024",
    "Workshop\nTirana, June 2024\nThe Group": "Tirana, June 2024",
    "Prishtinë, 7 maj 2024 – Grupi": "Prishtinë, 7 maj 2024",
    "Београд, 7. мај 2024. – Група": "Београд, 7. мај 2024.",
    "Podgorica, 7. maja 2024. godine – Grupa": "Podgorica, 7. maja 2024. godine",
    "Скопје, 7 мај 2024 година – Групата": "Скопје, 7 мај 2024 година",
    "ঢাকা, ৭ মে ২০২৪ – দলটি": "ঢাকা, ৭ মে ২০২৪",
    "काठमाडौं, ७ मे २०२४ – समूह": "काठमाडौं, ७ मे २०२४",
    "اسلام آباد، 7 مئی 2024 – گروپ": "اسلام آباد، 7 مئی 2024",
    "بغداد، 7 أيار/مايو 2024 – اجتمعت": "بغداد، 7 أيار/مايو 2024",
    "Throughout March 2024, IOM met mayors in Tirana - and in Vlora.": "",
    "Tirana: the Group met on 4 June 2024.": "",
    "Tirana and Belgrade, 4 June 2024 – The": "",
    "Posted 12 June 2024 – Ministers": "",
    "12 June 2024\nMinisters met.": "",
    "The Group met in Tirana in June 2024 – for the second time": "",
    "Migration for development (February 2011 – December 2012)": "",
    "The quota is 100 - in 2024 it was 90.": "",
    "": "",
}


def test_a_dateline_is_told_from_a_sentence_in_every_language() -> None:
    assert {text: dateline(text) for text in _OPENED} == _OPENED


_PIECES = st.sampled_from(
    ["Tirana", "Скопје", ", ", " ", "4-5 June", "2024", " – ", ": ", "12.03.2024", "(", ")", "\n"]
)


@given(st.lists(_PIECES, max_size=12).map("".join) | wild_text)
def test_what_is_found_opens_a_line_and_names_a_month(text: str) -> None:
    found = dateline(text)

    assert not found or any(line.strip().startswith(found) for line in text.split("\n"))
    assert not found or any(day.month for day in dates(found)[0])
