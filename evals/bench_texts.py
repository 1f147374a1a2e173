"""Made documents and questions for timing: plausible in length and wording, with no meaning to be right about."""

import random

_PLACES = (
    "Tirana",
    "Skopje",
    "Sarajevo",
    "Belgrade",
    "Podgorica",
    "Dhaka",
    "Kathmandu",
    "Islamabad",
    "Baghdad",
    "Erbil",
)
_BODIES = ("the ministry", "the working group", "the border police", "the reception centre", "the employment service")
_VERBS = ("reviewed", "agreed on", "presented", "postponed", "financed", "published", "compared", "extended")
_THINGS = (
    "the procedure for readmission",
    "reintegration grants for returnees",
    "the single permit for residence and work",
    "the exchange of biometric data",
    "training for case workers",
    "the yearly quota of work permits",
    "counselling before departure",
    "the protection of unaccompanied children",
)
_ENDS = (
    "with support from two donors",
    "after consultations that lasted several months",
    "because the number of requests had doubled",
    "as part of a regional programme",
    "and asked for a report by the end of the year",
)


def documents(count: int, paragraphs: int = 4) -> list[str]:
    """``count`` different texts of so many paragraphs, about 75 words each. The same at every call."""
    source = random.Random(5)
    return ["\n\n".join(_paragraph(source) for _ in range(paragraphs)) for _ in range(count)]


def questions(count: int) -> list[str]:
    """``count`` different questions on such texts. The same at every call."""
    source = random.Random(6)
    return [
        f"When did {source.choice(_BODIES)} in {source.choice(_PLACES)} discuss {source.choice(_THINGS)} ({number})?"
        for number in range(count)
    ]


def _paragraph(source: random.Random) -> str:
    return " ".join(
        f"In {source.randint(2009, 2026)} {source.choice(_BODIES)} in {source.choice(_PLACES)} {source.choice(_VERBS)} "
        f"{source.choice(_THINGS)} for {source.randint(12, 9800)} people {source.choice(_ENDS)}."
        for _ in range(4)
    )
