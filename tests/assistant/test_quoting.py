"""The writer without a model: a few whole sentences, word for word, in an order that reads as an answer."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.quoting import MOST_SENTENCES, MOST_WORDS, choose_quotes
from knowledge.types import Retrieved
from tests.assistant.passages import passage

_WORDS = st.sampled_from(["visa", "border", "Nepal", "return", "family", "fee", "office", "permit", "journey", "home"])
_SENTENCES = st.lists(_WORDS, min_size=1, max_size=60).map(lambda words: " ".join(["The", *words]) + ".")


@st.composite
def _passages(draw: st.DrawFn) -> list[Retrieved]:
    found = []
    for number in range(draw(st.integers(0, 5))):
        title = draw(_SENTENCES).removesuffix(".")
        text = " ".join(draw(st.lists(_SENTENCES, min_size=1, max_size=6)))
        if draw(st.booleans()):
            text = f"{title}\n{text}"
        if draw(st.booleans()):
            text += " The " + "\n".join(["list:", *draw(st.lists(_SENTENCES, max_size=3))])
        values = draw(st.lists(st.floats(-1, 1), min_size=11, max_size=11))
        found.append(
            passage(
                text,
                document_id=f"document-{draw(st.integers(1, 3))}",
                title=title,
                start=1000 * number,
                similarities=values,
                similarity=draw(st.floats(-1, 1)),
            )
        )
    return found


@settings(deadline=None)
@given(_passages(), st.dictionaries(_WORDS.map(str.lower), st.floats(0, 9), max_size=6))
def test_quotes_are_few_short_verbatim_and_in_reading_order(found: list[Retrieved], idf: dict[str, float]) -> None:
    quotes = choose_quotes(found, idf)

    assert len(quotes) <= MOST_SENTENCES
    assert len(quotes) <= 1 or sum(len(quote.text.split()) for quote in quotes) <= MOST_WORDS
    for quote in quotes:
        at = quote.span.start - quote.found.passage.start
        assert quote.found in found
        assert quote.span.start in {unit.start for unit in quote.found.passage.units}
        assert quote.span.end in {unit.end for unit in quote.found.passage.units}
        assert quote.found.passage.text[at : at + len(quote.text)] == quote.text
        assert quote.text.casefold() != quote.found.source.title.casefold()
    assert len({quote.text for quote in quotes}) == len(quotes)
    documents = [quote.found.passage.document_id for quote in quotes]
    assert documents == sorted(documents, key=documents.index)
    for document in documents:
        spans = [quote.span for quote in quotes if quote.found.passage.document_id == document]
        assert all(before.end <= after.start for before, after in pairwise(spans))


def test_the_sentence_that_fits_best_is_quoted_first_of_its_document() -> None:
    meeting = passage(
        "The doors opened at nine in the night. Nepal and Pakistan took part in the meeting. Lunch was at one.",
        similarities=(0.70, 0.93, 0.70),
    )

    quotes = choose_quotes([meeting], {"nepal": 2.0, "meeting": 1.0})

    assert [quote.text for quote in quotes] == ["Nepal and Pakistan took part in the meeting."]


def test_sentences_of_one_document_are_quoted_as_they_stand_in_it() -> None:
    visa = passage("A visa costs sixty euros. It is valid for ninety days.", similarities=(0.88, 0.92))

    assert [quote.text for quote in choose_quotes([visa], {})] == [
        "A visa costs sixty euros.",
        "It is valid for ninety days.",
    ]


def test_the_document_with_the_best_sentence_comes_first() -> None:
    first = passage("Nepal sent a delegation of four.", document_id="a", similarities=(0.92,), similarity=0.88)
    second = passage("Nepal was represented by its minister.", document_id="b", similarities=(0.95,), similarity=0.9)

    quotes = choose_quotes([first, second], {})

    assert [quote.found.passage.document_id for quote in quotes] == ["b", "a"]


def test_a_sentence_that_says_nothing_new_is_not_quoted_again() -> None:
    once = passage("Nepal and Pakistan took part in the meeting in Tirana.", document_id="a", similarities=(0.92,))
    again = passage("Nepal and Pakistan took part in the meeting, in Tirana.", document_id="b", similarities=(0.91,))

    assert len(choose_quotes([once, again], {})) == 1


def test_the_title_of_a_document_alone_is_no_answer() -> None:
    only_title = passage("Annual report on readmission to Albania", title="Annual Report on Readmission to Albania")

    assert choose_quotes([only_title], {"readmission": 3.0}) == []


def test_a_text_of_one_sentence_that_is_also_its_title_is_an_answer() -> None:
    only_sentence = passage("The well is 9 feet deep.", title="The well is 9 feet deep.")

    assert [quote.text for quote in choose_quotes([only_sentence], {"well": 3.0})] == ["The well is 9 feet deep."]


def test_a_scrap_of_a_page_is_no_answer() -> None:
    assert choose_quotes([passage("Read more")], {"read": 3.0}) == []


def test_a_further_sentence_far_from_the_question_is_left_out() -> None:
    mixed = passage("Nepal took part in the meeting. The lunch was very good that day.", similarities=(0.95, 0.60))

    assert [quote.text for quote in choose_quotes([mixed], {})] == ["Nepal took part in the meeting."]


def test_one_long_sentence_is_quoted_whole_rather_than_cut() -> None:
    long = " ".join(["word"] * (MOST_WORDS + 20)) + "."

    (quote,) = choose_quotes([passage(long)], {})

    assert quote.text == long


def test_a_sentence_that_opens_a_list_is_quoted_with_the_list() -> None:
    partners = passage(
        "The lake is deep and cold all year. The partners of the project were these:\nThe Institute of Labour of Skopje"
        "\nThe Office for Returnees of Tirana",
        similarities=(0.70, 0.93, 0.80, 0.80),
    )

    quotes = choose_quotes([partners], {"partners": 3.0})

    assert [quote.text for quote in quotes] == [
        "The partners of the project were these:\nThe Institute of Labour of Skopje\nThe Office for Returnees of Tirana"
    ]


def test_an_opening_whose_list_is_elsewhere_is_not_quoted() -> None:
    opening = passage("The partners of the project were these:", similarities=(0.93,))

    assert choose_quotes([opening], {"partners": 3.0}) == []


def test_where_the_latest_is_asked_for_the_newer_of_two_like_statements_comes_first() -> None:
    older = passage("The quota for 2022 is 100 permits.", document_id="a", similarity=0.9)
    newer = passage("The quota for 2024 is 300 permits.", document_id="b", similarity=0.9)
    far = passage("A seminar was held in Ohrid in 2026.", document_id="c", similarity=0.6)
    assert [quote.found.source.id for quote in choose_quotes([older, newer, far], {}, most=1)] == ["a"]
    now = choose_quotes([older, newer, far], {}, "What is the quota now?", most=1)
    assert [quote.found.source.id for quote in now] == ["b"]


def test_who_asks_what_a_name_is_reads_that_before_anything_else_about_it() -> None:
    about = passage("MARRI was paid for by six countries.", document_id="a", similarities=(0.88,))
    glossary = passage("MARRI stands for a regional initiative.", document_id="b", similarities=(0.86,))

    assert choose_quotes([about, glossary], {"marri": 2.0})[0].found is about
    assert choose_quotes([about, glossary], {"marri": 2.0}, "What is MARRI?")[0].found is glossary


def test_what_speaks_of_another_city_is_no_answer_on_the_one_asked_about() -> None:
    tirana = passage("Nepal sent delegates to the meeting in Tirana.", document_id="a", similarities=(0.90,))
    belgrade = passage("Pakistan sent delegates to the meeting in Belgrade.", document_id="b", similarities=(0.91,))

    def quoted(question: str) -> list[str]:
        return [quote.found.source.id for quote in choose_quotes([belgrade, tirana], {"delegates": 2.0}, question)]

    assert quoted("Who sent delegates to Tirana?") == ["a"]
    assert quoted("Who sent delegates to Albania?") == ["b", "a"]
    assert quoted("Who sent delegates to Sarajevo?") == ["b", "a"]


def test_a_word_counts_with_another_ending_and_in_another_script() -> None:
    kabul = passage("Workers came from Kabul to the farms.", document_id="a", similarities=(0.85,))
    dhaka = passage("Workers came from Bangladesh to the farms.", document_id="b", similarities=(0.85,))

    for word in ("bangladeš", "бангладеш", "bangladeshi"):
        quotes = choose_quotes([kabul, dhaka], {word: 5.0}, most=1)
        assert [quote.found.source.id for quote in quotes] == ["b"], word


def _read(text: str, *relevance: float | None, **known: object) -> Retrieved:
    found = passage(text, **known)  # type: ignore[arg-type]
    units = tuple(replace(unit, relevance=value) for unit, value in zip(found.units, relevance, strict=True))
    return replace(found, units=units)


_TALKS = (
    "The ministers held talks on visas in the town hall of Bor. Fees for visas will fall by a third from the spring on."
)


def test_what_was_read_as_the_answer_is_quoted_before_what_is_nearer() -> None:
    found = _read(_TALKS, -11.0, 9.0, similarities=[0.88, 0.84])
    assert [quote.text[:4] for quote in choose_quotes([found], {})] == ["Fees"]


def test_a_second_answer_is_quoted_however_far_behind_the_first() -> None:
    found = _read(_TALKS, 9.0, 4.0, similarities=[0.95, 0.70])
    assert len(choose_quotes([found], {})) == 2
    beside = _read(_TALKS, 9.0, 0.0, similarities=[0.95, 0.70])
    assert len(choose_quotes([beside], {})) == 1


def test_of_another_document_only_what_answers_is_quoted() -> None:
    first = _read("Fees for visas will fall by a third.", 8.0, document_id="fees", similarity=0.9)
    beside = _read("The ministers held talks on visas.", -2.0, document_id="talks", similarity=0.9)
    answers = _read("Visas will cost a third less from May.", 6.0, document_id="prices", similarity=0.9)
    assert [quote.found.source.id for quote in choose_quotes([first, beside, answers], {})] == ["fees", "prices"]


def test_who_asks_how_many_is_given_the_sentence_with_the_number() -> None:
    found = passage("The fair in Bor drew many visitors. The fair had 340 visitors.", similarities=[0.9, 0.88])
    assert choose_quotes([found], {}, "How many visitors came?", most=1)[0].text == "The fair had 340 visitors."
    assert choose_quotes([found], {}, "What drew visitors?", most=1)[0].text == "The fair in Bor drew many visitors."
