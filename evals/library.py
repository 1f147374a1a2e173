"""The library's cases asked of a desk, and what came of them in a few shares. The whole suite of metrics with their
intervals is not built yet; these are the counts that a change of the library should not make worse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.desk import Desk
from evals.cases import Case, CaseFile, Translations
from evals.dataset import PackQuestion, Prediction
from evals.predict import predict


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


async def ask_cases(
    desk: Desk, files: Sequence[CaseFile], translations: Sequence[Translations], done: Callable[[], None]
) -> list[Tally]:
    """A tally for English and for each language of the translations. The desk answers from the starter library."""
    cases = {case.id: case for file in files for _, case in file.cases}
    asked = {"en": {case.id: case.question for case in cases.values()}}
    asked |= {translation.language: translation.questions for translation in translations}
    tallies = []
    for language, questions in asked.items():
        pack = [PackQuestion(id=identifier, question=text, lang=language) for identifier, text in questions.items()]
        predictions = await predict(desk, pack, whole_corpus=True, done=done)
        tallies.append(tally(language, [(cases[prediction.id], prediction) for prediction in predictions]))
    return tallies


def tally(language: str, results: Sequence[tuple[Case, Prediction]]) -> Tally:
    answerable = [(case, prediction) for case, prediction in results if case.kind != "near_miss"]
    near = [prediction for case, prediction in results if case.kind == "near_miss"]
    return Tally(
        language=language,
        answerable=len(answerable),
        near_misses=len(near),
        document_first=sum(
            bool({*prediction.ranked_doc_ids[:1]} & {*case.documents}) for case, prediction in answerable
        ),
        answer_inside=sum(_holds(prediction.answer_text, case) for case, prediction in answerable),
        wrongly_refused=sum(prediction.abstained for _, prediction in answerable),
        rightly_refused=sum(prediction.abstained for prediction in near),
    )


def _holds(answer: str, case: Case) -> bool:
    """Whether every group of accepted answers is there by one of its strings."""
    said = answer.casefold()
    return all(any(accepted.casefold() in said for accepted in group) for group in case.accepted)
