"""Organisations are known by their names and abbreviations in our languages."""

import pytest

from knowledge.bodies import bodies


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IOM and the International Organization for Migration", {"iom"}),
        ("ИОМ, আইওএম, आईओएमले, آئی او ایم, المنظمة الدولية للهجرة", {"iom"}),
        ("Frontex, Фронтекса, ফ্রন্টেক্স, फ्रन्टेक्सले, فرونتكس", {"frontex"}),
        ("Europol counted, not Frontex", {"europol", "frontex"}),
        ("Evropskog parlamenta, Parlamentit Evropian", {"european-parliament"}),
        ("An aida at the opera, and a grand fia", set()),
    ],
)
def test_a_body_is_known_however_it_is_called(text: str, expected: set[str]) -> None:
    assert bodies(text) == expected
