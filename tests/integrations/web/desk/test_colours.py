"""The colours of the style sheet, by computation: what is read has the contrast that WCAG asks for, in both schemes."""

import re

import pytest

from integrations.web.desk.routes import STATIC

TEXT, GRAPHIC = 4.5, 3.0
PAIRS = [
    *((ink, paper, TEXT) for ink in ("ink", "muted", "accent", "warn", "good") for paper in ("paper", "raised")),
    *(("edge", paper, GRAPHIC) for paper in ("paper", "raised")),
    ("on-accent", "accent", TEXT),
    ("accent", "tint", TEXT),
    ("ink", "tint", TEXT),
    ("on-mark", "mark", TEXT),
]


def schemes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", (STATIC / "style.css").read_text(encoding="utf-8"), re.DOTALL)[:2]
    colours = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in (light, dark)]
    return {"light": colours[0], "dark": colours[0] | colours[1]}


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_read_stands_out_from_what_it_is_on(scheme: str) -> None:
    colours = schemes()[scheme]
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    low = {
        f"{ink} on {paper}": round(contrast(colours[ink], colours[paper]), 2)
        for ink, paper, least in PAIRS
        if contrast(colours[ink], colours[paper]) < least
    }
    assert low == {}
