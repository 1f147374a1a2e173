import pytest

from assistant.scraps import is_scrap


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("International Organization for Migration", True),
        ("Annual Report", True),
        ("The annual report", True),
        ("The Annual Report on Return", True),
        ("The Ministry pays.", False),
        ("Travel documents within 30 days", False),
        ("Medical care during the journey", False),
        ("Ministria e Brendshme paguan", False),
        ("আন্তর্জাতিক অভিবাসন সংস্থা অর্থ দেয়", False),
        ("Nothing was agreed.", False),
    ],
)
def test_names_alone_and_the_title_are_no_statements(text: str, expected: bool) -> None:
    assert is_scrap(text, "The annual report") is expected
