"""What is near to a question that is not covered: by place or subject, never just because it was found."""

from dataclasses import replace

from assistant.nearby import MOST, nearby
from knowledge.types import Retrieved, Subject
from tests.assistant.passages import passage


def _document(
    title: str, *jurisdictions: str, theme: str = "labour-mobility", keywords: tuple[str, ...] = ()
) -> Retrieved:
    found = passage("Anything at all.", document_id=title)
    return replace(
        found, source=replace(found.source, title=title, subject=Subject("permits", theme, jurisdictions, keywords))
    )


_SERBIA = _document("Work in the north", "RS")
_NEPAL = _document("Reintegration in the hills", "NP", keywords=("returnees",))


def test_a_document_is_near_that_shares_the_place_or_the_subject() -> None:
    found = [_SERBIA, _NEPAL]

    assert nearby("How many taxis are there in Serbia?", found) == ("Work in the north",)
    assert nearby("Колико такси возила има у Београду?", found) == ("Work in the north",)
    assert nearby("What do returnees pay for a taxi?", found) == ("Reintegration in the hills",)


def test_nothing_is_near_to_a_question_on_something_else() -> None:
    assert nearby("Who won the world cup?", [_SERBIA, _NEPAL]) == ()
    assert nearby("Who won the world cup?", []) == ()


def test_the_nearest_come_first_each_once_and_no_more_than_a_few() -> None:
    found = [_document(f"Permits {number}", "RS") for number in (3, 1, 3, 2, 5, 4)]

    assert nearby("How many taxis are there in Serbia?", found) == ("Permits 3", "Permits 1", "Permits 2")
    assert len(nearby("Permits?", found)) == MOST


def test_the_glossary_is_near_to_nothing() -> None:
    assert nearby("What are permits in Serbia?", [_document("Glossary of permits", "RS", theme="reference")]) == ()


def test_a_document_without_a_subject_is_told_by_its_title() -> None:
    plain = passage("Anything.", document_id="plain")
    plain = replace(plain, source=replace(plain.source, title="Round table in Skopje"))

    assert nearby("Who paid for the trains of North Macedonia?", [plain]) == ("Round table in Skopje",)
