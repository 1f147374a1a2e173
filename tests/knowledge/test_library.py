"""The briefs that ship: sound by our own check, true to the facts they were made from, and in words of our own.

The facts and seeds are no part of the project. Where they are not there, only the check is made.
"""

import re
from calendar import month_name
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

import knowledge
from knowledge.brief_checks import briefs_in, check_library
from knowledge.catalogue import Catalogue
from knowledge.chunking import units_of
from knowledge.normalisation import words_of
from knowledge.readers import read_file
from knowledge.readers.reading import Reading
from knowledge.spelling import alike, fold, folded_words
from knowledge.topics import KOSOVO_FOOTNOTE
from tests.knowledge.bases import ingest

LIBRARY = Path(knowledge.__file__).parent / "library"
BRIEFS = {path.stem: path for path in briefs_in(LIBRARY)}
GLOSSARY = "glossary"
OF_NO_COUNTRY = {GLOSSARY, "ethical-recruitment-iris"}
ORDINARY_MEANING = "terminology"  # the one source that is no publication: what a term means to everybody
SHARED = Path(__file__).resolve().parents[3] / "shared"
SEEDS = SHARED / "seeds"
FACTS = SHARED / "facts"
RUN = 9  # so many words in a row are a sentence taken over, not a common turn of phrase
# Names that are as long as that; whoever writes of the thing has to write them.
OFFICIAL_NAMES = (
    "EU Action Plan on the Western Balkans",
    "EU Regional Support to Protection-Sensitive Migration Management Systems in the Western Balkans",
    "Law on Foreigners and the Law on Employment of Foreigners",
    "Regional Meeting on Readmission in the Western Balkans",
)
# Names that a brief writes otherwise than its facts do, beyond the endings that ``alike`` allows for.
SAME_NAME = {"afghanistan": "afghan", "kingdom": "uk", "swiss": "switzerland"}
# The subject of the whole library, which a single fact takes for granted.
OUR_REGION = {"western", "balkan"}
# A statement on what a source does not say names what is missing.
PARTNERS = {"albania", "bosnia", "herzegovina", "kosovo", "montenegro", "north", "macedonia", "serbia"}
# Topics named among the known contradictions that show none, and why.
SHOWS_NO_DISAGREEMENT = {
    "iom-albania-march-2024": "names nobody of IOM Serbia, on whose head the seeds differ",
    "iom-migration-for-development-2011-2012": "names nobody of IOM Serbia, on whose head the seeds differ",
}

each_brief = pytest.mark.parametrize("brief", sorted(BRIEFS))
each_topic_brief = pytest.mark.parametrize("brief", sorted(BRIEFS.keys() - {GLOSSARY}))
needs_shared = pytest.mark.skipif(
    not (SEEDS.is_dir() and FACTS.is_dir()),
    reason=f"the seeds and facts that the briefs were made from are not at {SHARED}",
)

Facts = dict[str, Any]

# What the facts files do not hold and was read on the page itself when the briefs were checked.
READ_LATER: dict[str, Facts] = {
    "eu-bangladesh-sops-and-visa-measures": {
        "sources": [],
        "facts": [
            {
                "id": "later-eubgd",
                "source_ids": ["ds-2017-08-29"],
                "statement": "Over 100,000 irregular Bangladeshi migrants live in EU countries.",
                "support": "more than one lakh irregular Bangladeshi migrants",
            }
        ],
    },
    "frontex-status-agreements": {
        "sources": [
            {
                "id": "eucrim-first-operation",
                "title": "First Operation Outside the EU",
                "publisher": "eucrim",
                "published": None,
                "url": "https://eucrim.eu/news/first-operation-outside-eu/",
            }
        ],
        "facts": [
            {
                "id": "later-frontex",
                "source_ids": ["eucrim-first-operation"],
                "statement": "The first operation of Frontex outside the EU began in Albania on 21 May 2019.",
                "support": "On 21 May 2019, Frontex launched its first full-fledged joint operation",
            }
        ],
    },
}


@cache
def reading_of(brief: str) -> Reading:
    return read_file(BRIEFS[brief])[1]


def statements_of(reading: Reading) -> Iterator[tuple[str, frozenset[str]]]:
    """Each statement with the ids of the sources it names."""
    for block in reading.blocks:
        for unit in units_of(reading.text, block):
            statement = reading.text[unit.start : unit.end]
            if statement != KOSOVO_FOOTNOTE:
                covering = [a for a in reading.attributions if a.span.start <= unit.start and unit.end <= a.span.end]
                yield statement, frozenset(identifier for a in covering for identifier in a.reference_ids)


def said_beside_the_statements(reading: Reading) -> list[str]:
    """What a reader sees of a brief besides its statements."""
    headings = dict.fromkeys(heading for block in reading.blocks for heading in block.headings)
    positions = [position.says for disagreement in reading.disagreements for position in disagreement.positions]
    return [reading.title, *headings, *(disagreement.about for disagreement in reading.disagreements), *positions]


# --- the facts --------------------------------------------------------------------------------------------------------


@cache
def topics() -> dict[str, Facts]:
    """Every facts file, by the id of the brief that is made of it."""
    loaded = {path.stem.removeprefix("seed-"): yaml.safe_load(path.read_text("utf-8")) for path in FACTS.glob("*.yaml")}
    for brief, later in READ_LATER.items():
        for kind in ("sources", "facts"):
            loaded[brief][kind] += later[kind]
    return loaded


@cache
def facts_of(brief: str) -> list[Facts]:
    """The facts files of a brief: all that hold one of its sources. A brief may borrow a source of another topic."""
    titles = {reference.title for reference in reading_of(brief).references}
    return [facts for facts in topics().values() if titles & {source["title"] for source in facts["sources"]}]


def said_in(fact: Facts) -> list[str]:
    return [str(fact.get(key, "")) for key in ("statement", "support", "as_of", "note", "change_note")]


def said_on(source: Facts) -> list[str]:
    return [str(source.get(key, "")) for key in ("title", "publisher", "published")]


@cache
def all_that_is_said_on(brief: str) -> str:
    """Everything in the facts files of a brief, dates written out."""
    said: list[str] = []
    for facts in facts_of(brief):
        said += [facts["topic"], facts["why_it_matters"], *map(str, facts["open_questions"])]
        said += [part for source in facts["sources"] for part in said_on(source)]
        said += [part for fact in facts["facts"] for part in said_in(fact)]
    return written_out("\n".join(said))


def said_by(brief: str, titles: set[str]) -> str:
    """What the publications of these titles say, and what is open on the topics of the brief."""
    said: list[str] = []
    for facts in facts_of(brief):
        cited = {source["id"]: source for source in facts["sources"] if source["title"] in titles}
        said += [part for source in cited.values() for part in said_on(source)]
        said += [part for fact in facts["facts"] if cited.keys() & set(fact["source_ids"]) for part in said_in(fact)]
        said += map(str, facts["open_questions"])
    return written_out("\n".join(said))


_ISO_DATE = re.compile(r"\b(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?\b")
_NUMBER = re.compile(r"(?<![^\W_])\d+(?:[.,]\d+)*")  # C181 and WB6 are names


def written_out(text: str) -> str:
    """Dates as briefs write them: 5 June 2024."""
    return _ISO_DATE.sub(lambda found: f"{(found[3] or '').lstrip('0')} {month_name[int(found[2])]} {found[1]}", text)


def numbers_in(text: str) -> set[str]:
    """Figures, years and days."""
    return set(_NUMBER.findall(text))


@cache
def names_known_on(brief: str) -> frozenset[str]:
    """The folded words of the facts of a brief. An abbreviation and what it stands for are one name."""
    known = {*folded_words(all_that_is_said_on(brief)), *OUR_REGION}
    subject = reading_of(brief).subject
    for short, long in subject.abbreviations if subject else ():
        if fold(short) in known or known.issuperset(folded_words(long)):
            known.update([fold(short), *folded_words(long)])
    return frozenset(known)


def is_known(word: str, known: frozenset[str]) -> bool:
    name = fold(word)
    return name in known or SAME_NAME.get(name) in known or any(alike(name, one) for one in known)


def runs_of(text: str) -> set[tuple[str, ...]]:
    words = [word.casefold() for word in words_of(text)]
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


@cache
def protected_runs() -> dict[tuple[str, ...], str]:
    """Runs of words that no brief may hold → where they stand."""
    runs = {
        run: fact["id"] for facts in topics().values() for fact in facts["facts"] for run in runs_of(fact["support"])
    }
    for seed in SEEDS.iterdir():
        runs.update(dict.fromkeys(runs_of(seed.read_text(encoding="utf-8")), seed.name))
    return runs


_OFFICIAL_NAMES = re.compile("|".join(map(re.escape, OFFICIAL_NAMES)), re.IGNORECASE)


def without_official_names(text: str) -> str:
    return _OFFICIAL_NAMES.sub(" ANAME ", text)


# --- the check that ships ---------------------------------------------------------------------------------------------


def test_the_library_that_ships_is_sound() -> None:
    report = check_library(list(BRIEFS.values()), date(2026, 12, 1))
    assert [finding for finding in report.findings if finding.level == "error"] == []
    assert report.briefs == len(BRIEFS) >= 50
    assert report.statements > 1000


@each_brief
def test_a_brief_is_listed_under_its_countries_and_links_to_what_it_rests_on(brief: str) -> None:
    reading = reading_of(brief)
    assert reading.subject is not None
    assert reading.subject.jurisdictions or brief in OF_NO_COUNTRY
    assert reading.subject.keywords
    assert reading.as_of and reading.language == "en" and reading.audience == "public"
    for reference in reading.references:
        if reference.url is not None:
            parts = urlsplit(reference.url)
            assert parts.scheme in ("http", "https") and "." in (parts.hostname or ""), reference.url
            assert not re.search(r"[\s<>\"]", reference.url) and "@" not in parts.netloc, reference.url


@each_brief
def test_no_marker_and_no_note_to_editors_is_left_in_the_text(brief: str) -> None:
    text = reading_of(brief).text
    assert not re.search(r"\[\^|<!--|TODO", text)


# --- true to the facts ------------------------------------------------------------------------------------------------


@needs_shared
def test_each_facts_file_has_its_brief_and_there_is_a_glossary() -> None:
    assert topics().keys() | {GLOSSARY} == BRIEFS.keys()


@needs_shared
@each_brief
def test_the_sources_of_a_brief_are_those_of_the_facts(brief: str) -> None:
    known: dict[str, list[tuple[str | None, ...]]] = {}
    for facts in topics().values():
        for source in facts["sources"]:
            published = None if source["published"] is None else str(source["published"])
            given = (source["publisher"], published, source["url"])
            known.setdefault(source["title"], []).append(given)
    for reference in reading_of(brief).references:
        if (brief, reference.id) != (GLOSSARY, ORDINARY_MEANING):
            # The core documents were given as files; three of them are public too.
            url = None if is_address_of_a_core_document(reference.url) else reference.url
            assert (reference.publisher, reference.published, url) in known.get(reference.title, []), reference


def is_address_of_a_core_document(url: str | None) -> bool:
    """Whether the facts' README names the address beside the facts files, where the documents have none."""
    parts = urlsplit(url or "")
    readme = (FACTS / "README.md").read_text(encoding="utf-8")
    on_the_site_of_iom_albania = f"{parts.hostname}{parts.path}".startswith("albania.iom.int/en/projectsv/completed-")
    return (bool(url) and f"`{parts.hostname}{parts.path}`" in readme) or (
        on_the_site_of_iom_albania and "/92-migration-for-development" in parts.path and "page 92" in readme
    )


@needs_shared
@each_topic_brief
def test_a_brief_leaves_out_no_source_that_has_facts_on_its_topic(brief: str) -> None:
    facts = topics()[brief]
    with_facts = {identifier for fact in facts["facts"] for identifier in fact["source_ids"]}
    wanted = {source["title"] for source in facts["sources"] if source["id"] in with_facts}
    assert wanted - {reference.title for reference in reading_of(brief).references} == set()


@needs_shared
@each_brief
def test_every_number_in_a_brief_stands_in_the_facts_of_its_topic(brief: str) -> None:
    reading = reading_of(brief)
    said = "\n".join([reading.text.replace(KOSOVO_FOOTNOTE, ""), *said_beside_the_statements(reading)])
    assert numbers_in(said) - numbers_in(all_that_is_said_on(brief)) == set()


@needs_shared
@each_brief
def test_every_number_of_a_statement_stands_in_what_its_own_sources_say(brief: str) -> None:
    reading = reading_of(brief)
    titles = {reference.id: reference.title for reference in reading.references}
    wrong = [
        (sorted(missing), statement)
        for statement, cited in statements_of(reading)
        if (missing := numbers_in(statement) - numbers_in(said_by(brief, {titles[one] for one in cited})))
    ]
    assert wrong == []


@needs_shared
@each_brief
def test_every_name_in_a_brief_stands_in_the_facts_of_its_topic(brief: str) -> None:
    reading = reading_of(brief)
    known = names_known_on(brief)
    ordinary = {fold(word) for word in words_of(reading.text) if word[0].islower()}
    said = [statement for statement, cited in statements_of(reading) if cited != {ORDINARY_MEANING}]
    wrong = [
        (word, text)
        for text in [*said, *said_beside_the_statements(reading)]
        for word in words_of(text)[1:]
        if len(word) > 1 and word[0].isupper() and fold(word) not in ordinary
        if not (is_known(word, known) or (fold(word) in PARTNERS and " not " in text))
    ]
    assert wrong == []


@needs_shared
@each_brief
def test_a_brief_is_written_in_our_own_words(brief: str) -> None:
    reading = reading_of(brief)
    taken = {
        " ".join(run): protected_runs()[run]
        for said in (reading.text, *said_beside_the_statements(reading))
        for run in runs_of(without_official_names(said)) & protected_runs().keys()
    }
    assert taken == {}


def test_the_comparisons_see_figures_names_and_sentences_as_a_reader_does() -> None:
    assert numbers_in(written_out("35,168 permits under Convention C181 by 2024-06-05")) == {"35,168", "5", "2024"}
    assert is_known("Albanians", frozenset({"albania"})) and not is_known("Austria", frozenset({"albania"}))
    sentence = "Nine words that stand in two texts are taken"
    assert runs_of(f"It says: {sentence}.") & runs_of(f"“{sentence.upper()}!”")
    assert not runs_of(f"It says: {sentence}.") & runs_of(sentence.replace("two", "three"))


@needs_shared
def test_there_are_seeds_and_supports_to_compare_with() -> None:
    assert len(set(protected_runs().values())) > 100
    assert len(list(SEEDS.iterdir())) >= 5


@needs_shared
@each_topic_brief
def test_what_may_have_changed_is_marked_and_will_be_reviewed(brief: str) -> None:
    reading = reading_of(brief)
    if any(fact.get("time_sensitive") for fact in topics()[brief]["facts"]):
        assert reading.review_by
        assert any(attribution.may_change for attribution in reading.attributions)


# --- contradictions ---------------------------------------------------------------------------------------------------


@cache
def contradictions() -> dict[str, list[str]]:
    """What is listed under "Known contradictions", by the topics that it names."""
    readme = (FACTS / "README.md").read_text(encoding="utf-8")
    section = readme.split("## Known contradictions")[1].split("\n## ")[0]
    named: dict[str, list[str]] = {}
    for line in section.splitlines():
        listed = re.search(r"\((`[^()]+`)\)\s*$", line)
        for name in re.findall(r"`([^`]+)`", listed[1]) if listed else []:
            stems = [path.stem.removeprefix("seed-") for path in FACTS.glob(f"{name}.yaml")]
            assert stems, f"{name} is no facts file"
            for stem in stems:
                named.setdefault(stem, []).append(line)
    return named


@needs_shared
def test_every_topic_on_which_the_sources_are_known_to_differ_shows_it() -> None:
    assert len(contradictions()) > 20
    silent = {brief for brief in contradictions() if not reading_of(brief).disagreements}
    assert silent == SHOWS_NO_DISAGREEMENT.keys()


def test_the_whole_library_becomes_documents_that_are_in_force(tmp_path: Path) -> None:
    report = ingest(tmp_path / "data", LIBRARY)
    assert sorted(report.added) == sorted(BRIEFS) and not report.refused
    catalogue = Catalogue(tmp_path / "data")
    try:
        assert {source.id for source in catalogue.sources(frozenset({"public"}))} == set(BRIEFS)
    finally:
        catalogue.close()
