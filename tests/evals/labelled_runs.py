"""A run written by hand: answers with one cited sentence or two, and refusals, in three languages. And what stands in
for its judge."""

import re
from collections.abc import Iterable
from pathlib import Path

from evals.judging.result import Judgement, JudgeResult, Pin
from evals.questions import Question
from evals.records import AnswerRecord, CitationRecord, Manifest, PassageRecord, SentenceRecord
from evals.run_directory import write_manifest, write_questions
from tests.fakes import Messages

LANGUAGES = ("en", "sr", "ur")
MODEL = "writer-of-the-desk"


def citation(quote: str, passage_id: str = "p1") -> CitationRecord:
    return CitationRecord(
        document_id="d1",
        passage_id=passage_id,
        version=1,
        quote=quote,
        start=0,
        end=len(quote),
        verified=True,
        audience="public",
        title='Press "release"',
        published="2024-03-14",
        locator="Results",
    )


def sentence(text: str, *quotes: str) -> SentenceRecord:
    return SentenceRecord(text=text, citations=tuple(citation(quote) for quote in quotes))


def answered(
    question_id: str, *sentences: SentenceRecord, passage: str | None = None, language: str = "en", repeat: int = 0
) -> AnswerRecord:
    """The passage holds every quote unless it is given."""
    quotes = [cited.quote for each in sentences for cited in each.citations]
    text = " ".join(quotes) if passage is None else passage
    return AnswerRecord(
        question_id=question_id,
        repeat=repeat,
        outcome="ANSWERED",
        answer=" ".join(each.text for each in sentences),
        language=language,
        sentences=sentences,
        passages=(
            PassageRecord(
                passage_id="p1", document_id="d1", score=0.9, audience="public", text=f"Before. {text} After."
            ),
        ),
    )


def refused(question_id: str, language: str = "en") -> AnswerRecord:
    return AnswerRecord(
        question_id=question_id,
        outcome="NOT_COVERED",
        answer="The documents available to me do not answer this question.",
        language=language,
        passages=(PassageRecord(passage_id="p2", document_id="d2", score=0.4, audience="public", text="Beside it."),),
    )


def write_run(directory: Path, questions: Iterable[Question], answers: Iterable[AnswerRecord]) -> Path:
    asked, given = list(questions), list(answers)
    manifest = Manifest(
        name=directory.name,
        made_at="2026-03-01T10:00:00Z",
        code="abc",
        code_changed=False,
        version="0",
        model=MODEL,
        embedder="e5",
        index="i",
        prompts={},
        data={},
        settings={},
        questions=len(asked),
        repeats=1,
        whole_corpus=False,
        finished=True,
    )
    write_manifest(directory, manifest)
    write_questions(directory, asked)
    lines = "".join(answer.model_dump_json() + "\n" for answer in given)
    (directory / "answers.jsonl").write_text(lines, encoding="utf-8")
    return directory


def small_run(directory: Path, of_each: int = 4) -> Path:
    """Of each language so many answers, every other one wrong (its sentence is not what it quotes), and half as many
    refusals. Two questions a cluster."""
    questions, answers = [], []
    for language in LANGUAGES:
        for number in range(of_each):
            name, wrong = f"{language}-{number}", number % 2 == 1
            right = f"The {number} delegations of {language} met in Tirana."
            questions.append(
                Question(
                    id=name,
                    lang=language,
                    question=f"Who met as number {number}?",
                    kind="answerable",
                    evidence=(right,),
                    answers=("Tirana",),
                    cluster=f"{language}-{number // 2}",
                )
            )
            said = f"In {1990 + number} they met in Skopje." if wrong else right
            answers.append(answered(name, sentence(said, right), language=language))
        for number in range(of_each // 2):
            name = f"{language}-near-{number}"
            questions.append(
                Question(id=name, lang=language, question="Who met in Lima?", expected="abstain", kind="near_miss")
            )
            answers.append(refused(name, language))
    return write_run(directory, questions, answers)


def fenced(user: str, name: str) -> str:
    """What stands in the one element of that name; fails where there are more."""
    (found,) = re.findall(rf"<{name}>\n(.*?)\n</{name}>", user, re.DOTALL)
    assert user.count(f"<{name}>") == user.count(f"</{name}>") == 1
    return str(found)


def careful(messages: Messages) -> str:
    """Says yes where the sentence stands in the quote, and where the answer holds the statement."""
    user = messages[-1]["content"]
    if "<sentence>" in user:
        return "yes" if fenced(user, "sentence") in fenced(user, "quote") else "No."
    return "yes\n" if fenced(user, "statement") in fenced(user, "answer") else "partly"


def judge_saying(verdicts: dict[str, str], support: dict[tuple[str, int], str] | None = None) -> JudgeResult:
    """On the completeness of answers by question, and on the support of sentences by question and number."""
    judgements: list[dict[str, object]] = [
        {"kind": "completeness", "question_id": name, "verdict": word} for name, word in verdicts.items()
    ]
    judgements += [
        {"kind": "support", "question_id": name, "sentence": number, "verdict": word}
        for (name, number), word in (support or {}).items()
    ]
    return JudgeResult(
        run="run",
        made_at="",
        pin=Pin(model="m", temperature=0, prompts={}),
        judgements=tuple(Judgement.model_validate(judgement) for judgement in judgements),
        tallies={},
        figures={},
        calls=0,
        tokens={},
        cached=0,
        malformed=0,
        failed=0,
        not_asked=0,
    )
