"""Answers from a document that has changed: today's version is quoted, an earlier day's is when it is asked for, and
both say so."""

import shutil
from collections.abc import Iterator
from contextlib import aclosing
from datetime import date
from pathlib import Path

import pytest

from assistant.citing import Citer
from assistant.desk import Desk
from assistant.events import Finished, Found, Said
from assistant.replies import languages, message
from assistant.types import Answer, Outcome, Reader
from assistant.written_dates import written_date
from knowledge.base import KnowledgeBase, open_base
from knowledge.decisions import Decisions
from knowledge.types import Scope
from tests.assistant.asking import answer_of, citations_of, desk_on, desk_with, events_of, notices_of, saying
from tests.assistant.documents import build_base, embedder, ingest, write_documents
from tests.fakes import ModelServer

FEE = "fee-decree.md"
QUESTION = "What is the fee for the residence permit of a seasonal worker?"
OLD = "The fee for the residence permit of a seasonal worker is 35 euros."
NEW = "The fee for the residence permit of a seasonal worker is 60 euros."
TITLE = "Decree on the fee for residence permits"
PUBLIC = frozenset({"public"})
THEN, NOW = date(2021, 6, 1), date(2024, 1, 15)


def decree(text: str) -> dict[str, str]:
    return {FEE: f"---\ntitle: {TITLE}\n---\n\n{text} It is paid at the police station.\n"}


@pytest.fixture(name="changed", scope="module")
def _changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """A decree of 2020-03 that was changed in 2023-05, and a note on something else. Nobody writes into it: ask for
    ``own`` for that."""
    root = tmp_path_factory.mktemp("changed")
    other = {"orchards.md": "# Orchards\n\nThe orchards of the Drina valley are picked in July.\n"}
    base = build_base(root, {**decree(OLD), **other})
    ingest(base.directory, write_documents(root / "public", decree(NEW)))
    for version, published in ((1, "2020-03-01"), (2, "2023-05-01")):
        Decisions(base.directory).date("ana", FEE, version, published=published)
    yield base
    base.close()


@pytest.fixture(name="own")
def _own(changed: KnowledgeBase, tmp_path: Path) -> Iterator[KnowledgeBase]:
    base = open_base(Path(shutil.copytree(changed.directory, tmp_path / "own")), embedder())
    yield base
    base.close()


async def asked(base: KnowledgeBase, as_of: date | None = None, question: str = QUESTION) -> Answer:
    return await desk_on(base).ask(question, as_of=as_of)


async def test_today_the_new_version_is_quoted_and_nothing_is_said_of_versions(changed: KnowledgeBase) -> None:
    answer = await asked(changed)

    assert answer.outcome is Outcome.ANSWERED and "60 euros" in answer.text and "35 euros" not in answer.text
    assert {(citation.version, citation.published) for citation in citations_of(answer)} == {(2, "2023-05-01")}
    assert not {"as_of", "superseded"} & set(notices_of(answer))


async def test_on_an_earlier_day_the_old_version_is_quoted_with_the_day_and_that_there_is_a_newer_one(
    changed: KnowledgeBase,
) -> None:
    answer = await asked(changed, THEN)

    assert answer.outcome is Outcome.ANSWERED and "35 euros" in answer.text and "60 euros" not in answer.text
    assert notices_of(answer) == ["as_of", "superseded"]
    assert [notice.text for notice in answer.notices] == [
        message("notice.as_of", "en", date="1 June 2021"),
        message("notice.superseded", "en", title=TITLE),
    ]
    assert all(named in notice.text for named, notice in zip(["1 June 2021", TITLE], answer.notices, strict=True))
    assert [source.published for source in answer.sources] == ["2020-03-01"]
    for citation in citations_of(answer):
        assert (citation.version, citation.verified) == (1, True)
        stored = changed.catalogue.document(FEE, PUBLIC, citation.version)
        assert stored is not None and stored.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("as_of", "said"), [(date(2023, 4, 30), "35"), (date(2023, 5, 1), "60"), (date(2031, 1, 1), "60")]
)
async def test_the_day_decides_between_the_versions(changed: KnowledgeBase, as_of: date, said: str) -> None:
    answer = await asked(changed, as_of)

    assert f"{said} euros" in answer.text
    assert ("superseded" in notices_of(answer)) == (said == "35")
    assert written_date(as_of.isoformat(), "en") in answer.notices[0].text


async def test_before_the_first_version_nothing_is_known_and_the_day_is_still_said(changed: KnowledgeBase) -> None:
    answer = await asked(changed, date(2020, 2, 29))

    assert answer.outcome is Outcome.NOT_COVERED and "euros" not in answer.text
    assert notices_of(answer) == ["as_of"] and answer.sources == ()


async def test_an_old_version_is_called_old_by_the_day_that_was_asked_of_and_not_by_today(
    changed: KnowledgeBase,
) -> None:
    assert "dated" not in notices_of(await asked(changed, THEN))
    assert "dated" in notices_of(await asked(changed, date(2023, 4, 30)))


@pytest.mark.parametrize("language", languages())
async def test_the_day_and_the_newer_version_are_told_in_the_language_of_the_reader(
    changed: KnowledgeBase, language: str
) -> None:
    answer = await desk_on(changed).ask(QUESTION, reader=Reader(language=language), as_of=THEN)

    told = {notice.kind: notice.text for notice in answer.notices}
    assert told["as_of"] == message("notice.as_of", language, date=written_date("2021-06-01", language))
    assert told["superseded"] == message("notice.superseded", language, title=TITLE)


async def test_the_old_and_the_new_are_two_sources_with_numbers_of_their_own(changed: KnowledgeBase) -> None:
    old, new = (changed.searcher.search(QUESTION, Scope(PUBLIC, None, as_of), 1).passages[0] for as_of in (THEN, None))
    citer = Citer(
        lambda document, version, start, end: changed.catalogue.excerpt(document, start, end, PUBLIC, version)
    )

    cited = [citation for found in (old, new, old) for citation in citer.cite(found, found.passage.units[0])]

    assert [(one.number, one.version, one.verified) for one in cited] == [(1, 1, True), (2, 2, True), (1, 1, True)]
    assert ["35 euros" in cited[0].quote, "60 euros" in cited[1].quote] == [True, True]


async def test_a_model_reads_and_cites_the_version_of_the_day_that_was_asked_of(changed: KnowledgeBase) -> None:
    line = ("The fee for the residence permit was 35 euros.", "35 euros")
    with ModelServer(saying(line)) as server:
        answer = await desk_with(changed, server).ask(QUESTION, as_of=THEN)
        prompt = str(server.requests[-1])

    assert "60 euros" not in prompt
    assert answer.text == line[0] and {citation.version for citation in citations_of(answer)} == {1}
    assert notices_of(answer)[0] == "as_of"


async def test_a_place_that_another_document_took_is_told_as_such_for_the_days_before(own: KnowledgeBase) -> None:
    Decisions(own.directory).supersede("ana", FEE, "orchards.md", "2024-01-01")

    assert (await asked(own)).outcome is Outcome.NOT_COVERED
    then = await asked(own, date(2023, 12, 31))
    assert "60 euros" in then.text and "superseded" in notices_of(then)


# --- withdrawn ------------------------------------------------------------------------------------


async def test_a_withdrawn_document_is_not_quoted_on_any_day(own: KnowledgeBase) -> None:
    Decisions(own.directory).withdraw("ana", FEE, "a mistake")

    for as_of in (None, THEN, NOW):
        answer = await asked(own, as_of)
        assert answer.outcome is Outcome.NOT_COVERED
        assert "euros" not in answer.text and answer.sources == ()
        assert "superseded" not in notices_of(answer)


@pytest.mark.parametrize("as_of", [None, THEN])
async def test_what_is_withdrawn_after_it_was_found_is_not_verified_and_not_shown(
    own: KnowledgeBase, as_of: date | None
) -> None:
    desk: Desk = desk_on(own)
    said, finished = [], None
    async with aclosing(desk.stream(QUESTION, as_of=as_of)) as events:
        async for event in events:
            if isinstance(event, Found):
                assert any(found.source.id == FEE for found in event.passages)
                Decisions(own.directory).withdraw("ana", FEE, "a mistake")
            elif isinstance(event, Said):
                said.append(event)
            elif isinstance(event, Finished):
                finished = event.answer

    assert finished is not None and "euros" not in finished.text
    assert not [one for one in said if "euros" in one.sentence.text]
    assert FEE not in {source.document_id for source in finished.sources}


async def test_a_citation_of_what_is_withdrawn_or_was_relabelled_is_not_verified(own: KnowledgeBase) -> None:
    found = own.searcher.search(QUESTION, Scope(PUBLIC), 1).passages[0]

    def is_verified(reader: Reader) -> bool:
        citer = Citer(lambda name, version, a, b: own.catalogue.excerpt(name, a, b, reader.audiences, version))
        (citation,) = citer.cite(found, found.passage.units[0])
        assert (citation.number > 0) == citation.verified
        return citation.verified

    public, staff = Reader(), Reader.of("staff")
    decisions = Decisions(own.directory)
    assert (is_verified(public), is_verified(staff)) == (True, True)
    decisions.relabel("ana", FEE, "staff")
    assert (is_verified(public), is_verified(staff)) == (False, True)
    decisions.withdraw("ana", FEE, "a mistake")
    assert (is_verified(public), is_verified(staff)) == (False, False)
    decisions.reinstate("ana", FEE, "none")
    assert (is_verified(public), is_verified(staff)) == (False, True)


async def test_events_without_a_day_are_those_of_today(changed: KnowledgeBase) -> None:
    answer = answer_of(await events_of(desk_on(changed), QUESTION))

    assert answer.sentences == (await asked(changed)).sentences
