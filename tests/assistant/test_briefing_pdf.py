"""The briefing note as a PDF: what the Word file says, in every script of our readers, never an empty box."""

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.briefing import briefing_pdf, pdf_file
from assistant.errors import NoFont
from assistant.replies import languages, message
from assistant.types import Answer, Citation, Notice, Outcome, Provenance, Sentence, SourceCard, SourcePosition

_MADE = datetime(2026, 3, 1, 23, 30, 5, 250, tzinfo=UTC)
_MARGIN = 25 / 25.4 * 72
_A4 = 210 / 25.4 * 72
_TIRANA = SourceCard(1, "tirana", "RGRS meets in Tirana", "IOM", "2024-06", "https://example.org/tirana?a=1&b=2")
_LEAFLET = SourceCard(2, "leaflet", "Leaflet", None, None, None)
_SAID = {
    "en": "The round table met in Tirana in June 2024.",
    "sq": "Tryeza e rrumbullakët u mblodh në Tiranë në qershor 2024.",
    "sr-Latn": "Okrugli sto održan je u Tirani u junu 2024. godine, uz učešće više zemalja.",
    "sr": "Округли сто одржан је у Тирани у јуну 2024. године, уз учешће више земаља.",
    "mk": "Тркалезната маса се одржа во Тирана во јуни 2024 година, со учество на повеќе земји.",
    "bn": "গোলটেবিল বৈঠকটি ২০২৪ সালের জুন মাসে তিরানায় হয়, নেপাল ও বাংলাদেশের প্রতিনিধিরা অংশ নেন।",
    "ne": "गोलमेच बैठक सन् २०२४ को जुनमा तिरानामा भयो, नेपाल र बङ्गलादेशका प्रतिनिधि सहभागी भए।",
    "ur": "گول میز اجلاس جون 2024 میں Tirana میں ہوا، جس میں نیپال اور بنگلہ دیش کے وفود شریک ہوئے۔",
    "ar": "اجتمعت المائدة المستديرة في Tirana في يونيو 2024 بمشاركة وفود من نيبال وبنغلاديش.",
}


_POSITIONS = (
    SourcePosition("d", 1, None, "Round table", "UNHCR", "2024-10", "https://example.org/b", "some 1,200", "places"),
    SourcePosition("d", 1, 1, "RGRS meets in Tirana", "IOM", "2024-06", None, "up to 3,000", "places"),
    SourcePosition("e", 1, 2, "Leaflet", None, None, None, "Nepal sent three people."),
)


def _citation(number: int, quote: str, locator: str = "page 2") -> Citation:
    return Citation(number, f"p{number}", f"d{number}", "t", None, None, None, locator, quote, 0, len(quote), True)


_MET = _citation(1, "The RGRS met in Tirana on 4 and 5 June 2024.")


def _answer(**changed: Any) -> Answer:
    said = _citation(2, "Nepal sent three people.", "")
    made = Answer(
        outcome=Outcome.ANSWERED,
        text="It met in Tirana in June 2024. Nepal took part.",
        language="en",
        sentences=(Sentence("It met in Tirana in June 2024.", (_MET,)), Sentence("Nepal took part.", (said, _MET))),
        sources=(_TIRANA, _LEAFLET),
        notices=(Notice("dated", "The newest source used here is dated 2024-06."),),
        provenance=Provenance("large"),
    )
    return replace(made, **changed)


def _pdf(answer: Answer, question: str = "Where did the RGRS meet?") -> bytes:
    return briefing_pdf(question, answer, as_of=date(2026, 3, 1), made=_MADE)


def _pages(file: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file)]


def _text(file: bytes) -> str:
    return " ".join(" ".join(_pages(file)).split())


def _words(text: str) -> set[str]:
    composed = unicodedata.normalize("NFC", text)
    return set(
        "".join(c if unicodedata.category(c)[0] in "LMN" or c in "\u200c\u200d" else " " for c in composed).split()
    )


@dataclass(frozen=True)
class _Placed:
    character: str
    left: float
    right: float
    bottom: float


def _placed(file: bytes, page: int = 0) -> list[_Placed]:
    text = pypdfium2.PdfDocument(file)[page].get_textpage()
    found = []
    for place, character in enumerate(text.get_text_range(0, text.count_chars())):
        if not character.isspace():
            left, bottom, right, _ = text.get_charbox(place)
            found.append(_Placed(character, left, right, bottom))
    return found


def _where(file: bytes, words: str) -> list[_Placed]:
    """The places of the characters of the first page that spell the words, in the order of the file."""
    placed = _placed(file)
    wanted = "".join(words.split())
    at = "".join(one.character for one in placed).index(wanted)
    return placed[at : at + len(wanted)]


def test_a_note_has_all_that_is_needed_to_check_it() -> None:
    assert _text(_pdf(_answer())) == " ".join(
        """Briefing note Question Where did the RGRS meet? Result Answered from the documents.
        Answer 1. It met in Tirana in June 2024. [1] 2. Nepal took part. [2][1]
        Please note • The newest source used here is dated 2024-06.
        Sources [1] RGRS meets in Tirana IOM · June 2024 https://example.org/tirana?a=1&b=2
        page 2 “The RGRS met in Tirana on 4 and 5 June 2024.” [2] Leaflet “Nepal sent three people.”
        About this note Sources as of 1 March 2026. Written by the language model large; each statement was checked
        against the passages it cites. Made on 1 March 2026, 23:30 (UTC). Check every sentence against its source before
        you use it. Sources as of 1 March 2026. 1 / 1""".split()
    )


@pytest.mark.parametrize("language", languages())
def test_what_sources_say_that_differ_can_be_read_and_followed_in_every_language(language: str) -> None:
    """As PDF/UA and PDF/A, whose rules the making of the file holds it to."""
    answer, question = _in_language(language)
    says = (*_POSITIONS, replace(_POSITIONS[0], says=question))
    file = _pdf(replace(answer, positions=says), question)
    text = _text(file)
    assert "some 1,200" in text and "up to 3,000 [1]" in " ".join(text.split())
    wanted = _words(f"{message('briefing.positions', language)} {question}")
    assert len(wanted & _words(text)) >= 0.6 * len(wanted), (
        "of few words, those with several marks on a letter weigh more"
    )
    addresses, inner = _links(file)
    assert addresses.count("https://example.org/b") == 2 and inner == _links(_pdf(answer, question))[1] + 2


def test_a_refusal_says_why_and_claims_no_source() -> None:
    refused = _answer(outcome=Outcome.NOT_COVERED, text="They do not.", sentences=(), sources=(), notices=())
    text = _text(_pdf(refused))

    assert "Not answered: the documents do not hold it. They do not." in text
    assert "Sources [" not in text and "Please note" not in text and "model" not in text


def _in_language(language: str) -> tuple[Answer, str]:
    notice = message("notice.original_language", language)
    sentences = (Sentence(_SAID[language], (_MET,)),)
    return _answer(language=language, sentences=sentences, notices=(Notice("k", notice),)), _SAID[language]


@pytest.mark.parametrize("language", languages())
def test_a_note_can_be_searched_in_its_language(language: str) -> None:
    """Nearly every word: of one with several marks on a letter, some programs read the marks twice."""
    answer, question = _in_language(language)
    file = _pdf(answer, question)
    keys = ("title", "question", "result", "answered", "answer", "notices", "sources", "about", "disclaimer", "model")
    said = " ".join(
        [_SAID[language], answer.notices[0].text, *(message(f"briefing.{key}", language) for key in keys[:9])]
    )
    wanted, read = _words(said), _words(_text(file))

    least = 1.0 if language in ("en", "sq", "sr-Latn", "sr", "mk") else 0.8
    assert len(wanted & read) >= least * len(wanted), wanted - read
    assert _MET.quote in _text(file)


@pytest.mark.parametrize("language", languages())
def test_a_note_says_its_title_and_language_to_programs(language: str) -> None:
    document = pypdfium2.PdfDocument(_pdf(_in_language(language)[0]))
    size = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    named = ctypes.create_string_buffer(size)
    pdfium.FPDFCatalog_GetLanguage(document, ctypes.cast(named, ctypes.POINTER(ctypes.c_ushort)), size)

    assert named.raw.decode("utf-16-le").rstrip("\0").split("-")[0] == language.split("-")[0]
    assert document.get_metadata_dict()["Title"] == message("briefing.title", language)
    assert pdfium.FPDFCatalog_IsTagged(document)


def _fonts(file: bytes) -> Iterator[tuple[str, bool]]:
    for page in pypdfium2.PdfDocument(file):
        for found in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            font = pdfium.FPDFTextObj_GetFont(found)
            name = ctypes.create_string_buffer(100)
            pdfium.FPDFFont_GetBaseFontName(font, name, 100)
            yield name.value.decode(), bool(pdfium.FPDFFont_GetIsEmbedded(font))


@pytest.mark.parametrize(
    ("language", "font"),
    [("sr", "NotoSans"), ("bn", "HindSiliguri"), ("ne", "NotoSansDevanagari"), ("ur", "Cairo"), ("ar", "Amiri")],
)
def test_each_script_has_its_font_and_each_font_is_in_the_file(language: str, font: str) -> None:
    fonts = dict(_fonts(_pdf(_in_language(language)[0])))

    assert any(font in name for name in fonts) and all(fonts.values())


@pytest.mark.parametrize("language", ["ar", "ur"])
def test_words_of_right_to_left_run_so_and_quotes_as_they_were_written(language: str) -> None:
    file = _pdf(_in_language(language)[0])
    quote = _where(file, _MET.quote)
    city = _where(file, "Tirana")
    year = _where(file, "2024")
    label = [one for one in _where(file, "[1]") if one.character == "1"]

    assert max(one.right for one in _placed(file)) == pytest.approx(_A4 - _MARGIN, abs=2)
    assert city[0].left < city[-1].left, "a Latin word within runs from the left"
    assert year[0].left < year[-1].left, "and so do the digits of a year"
    assert (year[0].left > city[0].left) is (language == "ur"), "but the words follow one another from the right"
    assert label[0].left < min(one.left for one in city + year), "the label ends the sentence, on its left"
    assert quote[0].left < _MARGIN + 20 and quote[0].left < quote[20].left


def test_left_to_right_notes_turn_nothing() -> None:
    heading = _where(_pdf(_in_language("bn")[0], "Q"), message("briefing.result", "bn")[:1])

    assert heading[0].left == pytest.approx(_MARGIN, abs=2)


def _links(file: bytes) -> tuple[list[str], int]:
    """The addresses that the file leads to, and how many links stay within it."""
    document = pypdfium2.PdfDocument(file)
    addresses, inner = [], 0
    for page in document:
        at, link = ctypes.c_int(0), pdfium.FPDF_LINK()
        while pdfium.FPDFLink_Enumerate(page, at, link):
            action = pdfium.FPDFLink_GetAction(link)
            if pdfium.FPDFAction_GetType(action) == pdfium.PDFACTION_URI:
                address = ctypes.create_string_buffer(4000)
                pdfium.FPDFAction_GetURIPath(document, action, address, 4000)
                addresses.append(address.value.decode())
            else:
                assert pdfium.FPDFLink_GetDest(document, link)
                inner += 1
    return addresses, inner


def test_a_source_is_a_click_away_and_a_label_leads_to_its_source() -> None:
    assert _links(_pdf(_answer())) == (["https://example.org/tirana?a=1&b=2"], 3)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:a@example.org",
        "\\\\host\\share",
        "//example.org/a",
        "https://",
    ],
)
def test_nothing_but_the_web_is_linked_to(address: str) -> None:
    file = _pdf(_answer(sources=(replace(_TIRANA, url=address), _LEAFLET)))

    assert _links(file)[0] == [] and address not in _text(file)


def test_a_note_runs_nothing_and_holds_no_other_file() -> None:
    document = pypdfium2.PdfDocument(_pdf(_answer()))

    assert pdfium.FPDFDoc_GetJavaScriptActionCount(document) == 0
    assert pdfium.FPDFDoc_GetAttachmentCount(document) == 0


def test_the_words_of_a_document_are_never_markup() -> None:
    title = '#read("/etc/passwd") $x^2$ *bold* _it_ `raw` = Heading <source-1> @source-2 // #panic() \\ [1]'
    text = _text(_pdf(_answer(sources=(replace(_TIRANA, title=title), _LEAFLET)), f"{title}\nsecond \u202eevil\u202c"))

    assert text.count(title) == 2 and "second evil" in text and "root:" not in text


def test_a_note_is_the_same_for_the_same_answer() -> None:
    assert _pdf(_answer()) == _pdf(_answer())
    assert pypdfium2.PdfDocument(_pdf(_answer())).get_metadata_dict()["CreationDate"].startswith("D:20260301233005")


def test_long_words_and_many_sources_stay_on_the_page() -> None:
    words = ("W" * 300, "ক" * 200, "ب" * 200, "x_y.z" * 60, "https://example.org/" + "a" * 300)
    sources = tuple(
        SourceCard(
            number, f"d{number}", f"Source {number} {words[number % 5]}", "IOM", "2024", "https://a.org/" + "f" * 300
        )
        for number in range(1, 31)
    )
    sentences = tuple(
        Sentence(words[source.number % 5], (_citation(source.number, words[source.number % 5]),)) for source in sources
    )
    file = _pdf(_answer(sources=sources, sentences=sentences), " ".join(words))
    text = _text(file)

    # Where a line is of both directions, programs do not agree on the order in which it is read.
    assert [number for number in range(1, 31) if number % 5 != 2 and f"[{number}] Source {number} " not in text] == []
    for page in range(len(_pages(file))):
        placed = _placed(file, page)
        assert min(one.left for one in placed) > _MARGIN - 6 and max(one.right for one in placed) < _A4 - _MARGIN + 6
    assert f"{len(_pages(file))} / {len(_pages(file))}" in text


@pytest.fixture
def our_fonts_only(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = pdf_file._fonts(with_system=False)
    monkeypatch.setattr(pdf_file, "_fonts", lambda *, with_system: ours)


@pytest.mark.usefixtures("our_fonts_only")
@pytest.mark.parametrize("language", languages())
def test_writing_without_a_font_is_named_and_word_is_offered(language: str) -> None:
    with pytest.raises(NoFont) as raised:
        _pdf(_answer(language=language, sources=(replace(_TIRANA, title="移民政策 in 한국"), _LEAFLET)))

    assert all(part in str(raised.value) for part in ("Chinese (移), Korean (한)", "Word", "PDF"))


@pytest.mark.usefixtures("our_fonts_only")
@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("\U00010570", "Vithkuqi (\U00010570)"),
        ("ꡀ", "Phags-Pa (ꡀ)"),
        ("\u0378", "U+0378 (\u0378)"),
        ("カ", "Japanese (カ)"),
    ],
)
def test_a_script_is_named_by_its_name(written: str, named: str) -> None:
    with pytest.raises(NoFont) as raised:
        _pdf(_answer(), f"What does {written}{written} mean?")

    assert named in str(raised.value)


def test_a_font_of_the_system_helps_out(monkeypatch: pytest.MonkeyPatch) -> None:
    none, ours = typst.Fonts(include_system_fonts=False), pdf_file._fonts(with_system=False)
    monkeypatch.setattr(pdf_file, "_fonts", lambda *, with_system: ours if with_system else none)

    assert "জুন" in _text(_pdf(_in_language("bn")[0]))


def test_characters_of_no_meaning_are_no_obstacle() -> None:
    assert "a\ufffdb" in _text(_pdf(_answer(), "\ufeffa\uf0b7b\u200b")).replace("\u200b", "")


_ANYTHING = st.text(st.characters(exclude_categories=()), max_size=30)
_OURS = st.text(
    st.characters(max_codepoint=0x9FF, exclude_categories=["Cn"])
    | st.sampled_from("\u200c\u200d\u2066\u2069\ufe0f😀✓"),
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(
    question=_OURS | _ANYTHING,
    title=_OURS | _ANYTHING,
    quote=_OURS,
    url=_ANYTHING,
    language=st.sampled_from(["en", "ar"]),
)
def test_no_character_of_a_document_can_break_the_file(
    question: str, title: str, quote: str, url: str, language: str
) -> None:
    answer = _answer(
        text=title,
        language=language,
        sentences=(Sentence(quote, (_citation(1, quote, title),)),),
        sources=(SourceCard(1, "d", title, quote, title, f"https://example.org/{url}"),),
        notices=(Notice("k", title),),
        provenance=Provenance(quote),
    )
    try:
        file = _pdf(answer, question)
    except NoFont as refused:
        assert "PDF" in str(refused)
    else:
        assert pypdfium2.PdfDocument(file).get_metadata_dict()["Title"] == message("briefing.title", language)
