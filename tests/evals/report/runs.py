"""Runs made by hand: sixty questions in English, Serbian and Urdu with right answers, refusals of both kinds, near
misses and misses, a follow-up, and whatever a test adds."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from evals.lines import line_of
from evals.questions import PackTurn, Question
from evals.records import AnswerRecord, CitationRecord, Manifest, NoticeRecord, PassageRecord, SentenceRecord
from evals.run_directory import ANSWERS, write_manifest, write_questions
from evals.scoring import score_run, write_scores

LANGUAGES = ("en", "sr", "ur")
TOPICS = ("readmission", "labour-mobility", "asylum", "a-topic-whose-name-is-long-enough-to-need-a-line")
ASKED = {
    "en": "How many delegates attended meeting {n} in Tirana?",
    "sr": "Колико делегата је присуствовало састанку {n} у Тирани?",
    "ur": "تیرانا میں اجلاس {n} میں کتنے مندوبین شریک ہوئے؟",
}
REFUSED = {
    "en": "The documents do not cover this.",
    "sr": "Документи то не покривају.",
    "ur": "دستاویزات میں یہ شامل نہیں۔",
}


def manifest(name: str, questions: int, repeats: int = 1) -> Manifest:
    return Manifest(
        name=name,
        made_at="2026-11-22T07:00:00+00:00",
        code="0123456789abcdef0123456789abcdef01234567",
        code_changed=True,
        version="0.1.0",
        model=None,
        embedder="multilingual-e5-small",
        index="14eeeedac09e-50",
        prompts={"answer.md": "5f1c"},
        data={"cases": "77aa"},
        settings={"top_k": "6"},
        questions=questions,
        repeats=repeats,
        whole_corpus=True,
        seconds=12.5,
        finished=True,
    )


def question(number: int, language: str) -> Question:
    """Every fourth is a near miss, every tenth a follow-up."""
    near = number % 4 == 3
    text = f"Meeting {number} in Tirana was attended by {number + 20} delegates."
    return Question(
        id=f"{language}/meeting-{number}",
        pack="meetings",
        lang=language,
        question=ASKED[language].format(n=number),
        history=(PackTurn(role="user", text="What was held in Tirana?"),) if number % 10 == 1 else (),
        expected="abstain" if near else "answer",
        gold_doc_ids=() if near else (f"meeting-{number}",),
        answers=() if near else (str(number + 20),),
        evidence=() if near else (text,),
        parallel_id=f"meeting-{number}",
        topic=TOPICS[number % len(TOPICS)],
        kind="near_miss" if near else "answerable",
        differs_in=("city", "year", "person", "country")[number // 4 % 4] if near else None,
        never_break=number == 2,
    )


def citation(document: str, quote: str, **changes: object) -> CitationRecord:
    made = CitationRecord(
        document_id=document,
        passage_id=f"{document}#1",
        version=1,
        quote=quote,
        start=0,
        end=len(quote),
        verified=True,
        audience="public",
        title=f"Report on {document}",
        publisher="International Organization for Migration",
        published="2024-06",
        url=f"https://example.org/{document}",
        locator="Who took part",
    )
    return made.model_copy(update=changes)


def answer(of: Question, number: int, said: int | None, repeat: int = 0) -> AnswerRecord:
    """``said``: the number of delegates told, None for a refusal."""
    document = f"meeting-{number}"
    quote = f"Meeting {number} in Tirana was attended by {said} delegates."
    text = f"Report on {document}\n\nThe office opened the day. {quote} It was followed by a dinner."
    passages = tuple(
        PassageRecord(passage_id=f"{name}#1", document_id=name, score=0.9 - place / 10, audience="public", text=body)
        for place, (name, body) in enumerate([(document, text), ("glossary", "Readmission is the return of a person.")])
    )
    shared = {"question_id": of.id, "repeat": repeat, "language": of.lang, "passages": passages}
    shared |= {"timings_ms": {"found": 40 + number, "total": 90 + 2 * number}, "confidence": (number % 10) / 10}
    if said is None:
        return AnswerRecord.model_validate({**shared, "outcome": "NOT_COVERED", "answer": REFUSED[of.lang]})
    sentence = SentenceRecord(text=quote, citations=(citation(document, quote),))
    notice = NoticeRecord(kind="old", text="The newest source used here is dated 2024-06.")
    more = {"outcome": "ANSWERED", "answer": quote, "sentences": (sentence,), "notices": (notice,)}
    return AnswerRecord.model_validate({**shared, **more})


def sixty(worse: bool = False) -> tuple[list[Question], list[AnswerRecord]]:
    """In each language: every fifth answer is wrong, every seventh question refused, and half of the near misses
    answered; with ``worse`` every third answer is wrong."""
    questions, answers = [], []
    for language in LANGUAGES:
        for number in range(20):
            asked = question(number, language)
            wrong = number % (3 if worse else 5) == 4 % (3 if worse else 5)
            said: int | None = number + (99 if wrong else 20)
            if number % 7 == 6 or (asked.expected == "abstain" and number % 8 == 3):
                said = None
            questions.append(asked)
            answers.append(answer(asked, number, said))
    return questions, answers


def write_run(
    directory: Path,
    questions: Sequence[Question],
    answers: Iterable[AnswerRecord],
    *,
    repeats: int = 1,
    told: Mapping[str, object] | None = None,
) -> Path:
    """A scored run. ``told``: what its manifest says otherwise."""
    directory.mkdir(parents=True)
    made = manifest(directory.name, len(questions), repeats).model_copy(update=dict(told or {}))
    write_manifest(directory, made)
    write_questions(directory, questions)
    (directory / ANSWERS).write_text("".join(line_of(each) for each in answers), encoding="utf-8")
    write_scores(directory, *score_run(directory, resamples=100))
    return directory
