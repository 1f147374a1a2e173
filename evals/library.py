"""What came of the library's cases, in a few shares a person can keep in mind: one line a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.questions import Question
from evals.records import AnswerRecord


@dataclass(frozen=True, slots=True)
class Tally:
    """Of the questions in one language: how many there are, for how many of the answerable ones a right document came
    first and all accepted answers stand in the answer, and how many were refused of either kind."""

    language: str
    answerable: int
    near_misses: int
    document_first: int
    answer_inside: int
    wrongly_refused: int
    rightly_refused: int


def tallies(questions: Mapping[str, Question], answers: Sequence[AnswerRecord]) -> list[Tally]:
    """One a language, English first."""
    by_language: dict[str, list[tuple[Question, AnswerRecord]]] = {}
    for answer in answers:
        question = questions[answer.question_id]
        by_language.setdefault(question.lang, []).append((question, answer))
    return [tally(language, by_language[language]) for language in sorted(by_language, key=lambda each: each != "en")]


def tally(language: str, results: Sequence[tuple[Question, AnswerRecord]]) -> Tally:
    answerable = [(question, answer) for question, answer in results if question.expected != "abstain"]
    near = [answer for question, answer in results if question.expected == "abstain"]
    return Tally(
        language=language,
        answerable=len(answerable),
        near_misses=len(near),
        document_first=sum(
            bool({passage.document_id for passage in answer.passages[:1]} & {*question.gold_doc_ids})
            for question, answer in answerable
        ),
        answer_inside=sum(_holds(answer, question) for question, answer in answerable),
        wrongly_refused=sum(answer.abstained for _, answer in answerable),
        rightly_refused=sum(answer.abstained for answer in near),
    )


def _holds(answer: AnswerRecord, question: Question) -> bool:
    """Whether every group of accepted answers is there by one of its strings."""
    said = "" if answer.abstained else answer.answer.casefold()
    return all(any(accepted.casefold() in said for accepted in group) for group in question.answers_wanted)
