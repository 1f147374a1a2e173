"""The briefs that ship: well formed, attributed throughout, true to their facts, and in words of our own."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

import knowledge
from knowledge.chunking import units_of
from knowledge.normalisation import words_of
from knowledge.readers import read_file
from knowledge.readers.reading import Reading

LIBRARY = Path(knowledge.__file__).parent / "library"
BRIEFS = sorted(LIBRARY.glob("*.md"))
SHARED = Path(__file__).resolve().parents[3] / "shared"
SEEDS = SHARED / "seeds"
FACTS = SHARED / "facts"
FOOTNOTE = (
    "* References to Kosovo are without prejudice to positions on status and are in line with UNSCR 1244 and the ICJ "
    "Opinion on the Kosovo declaration of independence."
)
RUN = 9  # so many words in a row are a sentence taken over, not a common turn of phrase

each_brief = pytest.mark.parametrize("path", BRIEFS, ids=lambda path: path.stem)
needs_shared = pytest.mark.skipif(
    not (SEEDS.is_dir() and FACTS.is_dir()),
    reason=f"the seeds and facts that the briefs were made from are not at {SHARED}",
)


def reading_of(path: Path) -> Reading:
    return read_file(path)[1]


def test_the_library_holds_the_five_first_briefs() -> None:
    assert {
        "iom-albania-march-2024",
        "iom-migration-for-development-2011-2012",
        "iom-serbia-feature",
        "rgrs-belgrade-march-2024",
        "rgrs-tirana-june-2024",
    } <= {path.stem for path in BRIEFS}


@each_brief
def test_a_brief_is_read_and_is_named_as_its_file(path: Path) -> None:
    reading = reading_of(path)
    assert reading.id == path.stem
    assert reading.as_of and reading.references
    assert "[^" not in reading.text and "<!--" not in reading.text


@each_brief
def test_every_statement_of_a_brief_names_a_source_of_its_front_matter(path: Path) -> None:
    reading = reading_of(path)
    known = {reference.id for reference in reading.references}
    assert known == {identifier for a in reading.attributions for identifier in a.reference_ids}
    for block in reading.blocks:
        for unit in units_of(reading.text, block):
            statement = reading.text[unit.start : unit.end]
            if statement == FOOTNOTE:  # ours, not a source's
                continue
            covering = [a for a in reading.attributions if a.span.start <= unit.start and unit.end <= a.span.end]
            assert len(covering) == 1 and covering[0].reference_ids, statement


@each_brief
def test_a_brief_writes_kosovo_with_its_asterisk_and_the_footnote(path: Path) -> None:
    text = reading_of(path).text
    ours = text.replace(FOOTNOTE, "").replace("listed then as Kosovo under UNSCR 1244", "")
    assert not re.search(r"Kosovo(?!\*)", ours)
    assert (FOOTNOTE in text) is ("Kosovo*" in text)


def runs_of(text: str) -> set[tuple[str, ...]]:
    words = [word.casefold() for word in words_of(text)]
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


@lru_cache
def facts_in(path: Path) -> dict[str, Any]:
    facts = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(facts, dict)
    return facts


@needs_shared
def test_there_are_seeds_and_supports_to_compare_with() -> None:
    assert len(list(SEEDS.iterdir())) >= 5
    assert any(
        len(words_of(fact["support"])) >= RUN for path in FACTS.glob("seed-*.yaml") for fact in facts_in(path)["facts"]
    )


@needs_shared
@each_brief
def test_a_brief_is_written_in_our_own_words(path: Path) -> None:
    ours = runs_of(reading_of(path).text)
    for seed in SEEDS.iterdir():
        assert not ours & runs_of(seed.read_text(encoding="utf-8")), f"taken over from {seed.name}"
    for facts in FACTS.glob("seed-*.yaml"):
        for fact in facts_in(facts)["facts"]:
            assert not ours & runs_of(fact["support"]), f"taken over from {fact['id']}"


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@needs_shared
@each_brief
def test_every_number_in_a_brief_stands_in_the_facts_of_its_sources(path: Path) -> None:
    reading = reading_of(path)
    titles = {reference.title for reference in reading.references}
    files = [facts_in(facts) for facts in FACTS.glob("*.yaml")]
    used = [facts for facts in files if titles & {source["title"] for source in facts["sources"]}]
    assert titles <= {source["title"] for facts in used for source in facts["sources"]}
    said = [
        *(
            str(fact.get(key, ""))
            for facts in used
            for fact in facts["facts"]
            for key in ("statement", "support", "as_of", "note")
        ),
        *(str(question) for facts in used for question in facts.get("open_questions", [])),
    ]
    known = set(_NUMBER.findall(" ".join(said)))
    assert set(_NUMBER.findall(reading.text.replace(FOOTNOTE, ""))) <= known
