"""Questions, answers and whole runs made by hand, for what reads them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evals.lines import line_of
from evals.questions import Question
from evals.records import AnswerRecord, CitationRecord, Manifest, NoticeRecord, PassageRecord, SentenceRecord
from evals.run_directory import ANSWERS, write_manifest, write_questions

DRIN = "Rivers\nThe Drin is 335 km long. It rises in two branches, says the Institute of Struga."
OHRID = "Lakes\nLake Ohrid is 288 metres deep."


def asked(identifier: str = "q", **given: Any) -> Question:
    wanted: dict[str, Any] = {"pack": "made", "question": "How long is the Drin?"}
    return Question.model_validate({"id": identifier, **wanted, **given})


def passage(document: str, text: str = DRIN, audience: str = "public") -> PassageRecord:
    return PassageRecord(passage_id=f"{document}-p", document_id=document, score=0.8, audience=audience, text=text)


def cited(document: str, quote: str, *, verified: bool = True, audience: str = "public") -> CitationRecord:
    return CitationRecord(
        document_id=document, passage_id=f"{document}-p", version=1, quote=quote, start=0, end=len(quote),
        verified=verified, audience=audience,
    )  # fmt: skip


def said(text: str, *citations: CitationRecord) -> SentenceRecord:
    return SentenceRecord(text=text, citations=citations)


def answered(
    *sentences: SentenceRecord, to: str = "q", found: Iterable[PassageRecord] = (), **given: Any
) -> AnswerRecord:
    wanted: dict[str, Any] = {
        "outcome": "ANSWERED", "language": "en", "answer": " ".join(sentence.text for sentence in sentences),
    }  # fmt: skip
    return AnswerRecord(question_id=to, sentences=sentences, passages=tuple(found), **{**wanted, **given})


def refused(to: str = "q", **given: Any) -> AnswerRecord:
    wanted = {"outcome": "NOT_COVERED", "language": "en", "answer": "The documents do not hold an answer to this."}
    return AnswerRecord(question_id=to, **{**wanted, **given})


def notice(kind: str) -> NoticeRecord:
    return NoticeRecord(kind=kind, text="Sources differ.")


def manifest(name: str = "made", **given: Any) -> Manifest:
    wanted: dict[str, Any] = {
        "made_at": "2026-01-01T00:00:00Z", "code": None, "code_changed": False, "version": "1", "model": None,
        "embedder": "e", "index": "i", "prompts": {}, "data": {"made": "1"}, "settings": {}, "questions": 1,
        "repeats": 1, "whole_corpus": False, "finished": True,
    }  # fmt: skip
    return Manifest(name=name, **{**wanted, **given})


def write_run(directory: Path, questions: list[Question], answers: Iterable[AnswerRecord], **given: Any) -> Path:
    """A run directory as generation leaves it behind."""
    write_questions(directory, questions)
    (directory / ANSWERS).write_text("".join(line_of(answer) for answer in answers), encoding="utf-8")
    write_manifest(directory, manifest(directory.name, **{"questions": len(questions), **given}))
    return directory


def desk_answers(questions: Iterable[Question], *, losing: Iterable[str] = (), repeat: int = 0) -> list[AnswerRecord]:
    """What a desk says that answers as expected, but for the questions it loses: there it finds and cites another
    document, or answers where it should be silent."""
    lost = set(losing)
    answers = []
    for question in questions:
        right = question.id not in lost
        if question.expected == "abstain" and right:
            answers.append(refused(question.id, repeat=repeat))
            continue
        document, text = ("drin", DRIN) if right else ("ohrid", OHRID)
        quote = text.split("\n")[1]
        answers.append(
            answered(
                said(quote, cited(document, quote)),
                to=question.id,
                repeat=repeat,
                found=[passage(document, text)],
                confidence=0.9 if right else 0.4,
                timings_ms={"found": 40, "total": 90},
            )  # fmt: skip
        )
    return answers


def pack_of(count: int, *, languages: tuple[str, ...] = ("en",), unanswerable: int = 5) -> list[Question]:
    """Questions in turn of each language, each cluster with its forms in all of them; every so many is a near miss."""
    questions = []
    for number in range(count):
        group = number // len(languages)
        near = group % unanswerable == 0
        wanted: dict[str, Any] = (
            {"expected": "abstain", "differs_in": "year", "kind": "near_miss"}
            if near
            else {
                "gold_doc_ids": ["drin"],
                "answers": ["335 km"],
                "kind": "single",
                "evidence": ["The Drin is 335 km long."],
            }
        )
        questions.append(
            asked(
                f"q{number}",
                lang=languages[number % len(languages)],
                cluster=f"c{group}",
                parallel_id=str(group),
                **wanted,
            )
        )
    return questions
