"""How long scoring takes: made records with the passages, citations and languages of a real run, written to a run
directory, then read, scored with a thousand resamples and written. ``python -m evals.bench_scoring``."""

import argparse
import cProfile
import pstats
import random
import tempfile
import time
from pathlib import Path

from evals.bench_texts import documents, questions
from evals.lines import line_of
from evals.questions import Question
from evals.records import AnswerRecord, CitationRecord, Manifest, PassageRecord, SentenceRecord
from evals.run_directory import ANSWERS, write_manifest, write_questions
from evals.scoring import score_run, write_scores

_LANGUAGES = ("en", "en", "en", "sr", "sr-Latn", "sq", "mk", "bn", "ne", "ur", "ar")
_KINDS = ("single", "single", "two_documents", "near_miss", "follow_up")
_FOUND, _READ = 30, 6
_PASSAGES = 3000
_TOPICS = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--predictions", type=int, default=10_000)
    parser.add_argument("--profile", action="store_true", help="also print where the time goes")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        make_run(directory, chosen.predictions)
        size = (directory / ANSWERS).stat().st_size / 1e6
        profile = cProfile.Profile()
        started, worked = time.perf_counter(), time.process_time()
        if chosen.profile:
            profile.enable()
        scores, scored = score_run(directory)
        write_scores(directory, scores, scored)
        profile.disable()
        seconds, busy = time.perf_counter() - started, time.process_time() - worked
        print(
            f"{len(scored):,} predictions ({size:.0f} MB) scored in {seconds:.1f} s ({busy:.1f} s of processor time); "
            "aim: 10,000 in under 20 s on two cores"
        )
        if chosen.profile:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(30)


def make_run(directory: Path, count: int) -> None:
    """A finished run of ``count`` made questions. The same at every call."""
    source = random.Random(7)
    passages = [
        PassageRecord(passage_id=f"p{number}", document_id=f"d{number // 3}", score=0.8, audience="public", text=text)
        for number, text in enumerate(documents(_PASSAGES, paragraphs=1))
    ]
    asked = [_question(source, number, text, passages) for number, text in enumerate(questions(count))]
    write_questions(directory, asked)
    with (directory / ANSWERS).open("w", encoding="utf-8") as file:
        for question in asked:
            file.write(line_of(_answer(source, question, passages)))
    manifest = Manifest(
        name="bench", made_at="", code=None, code_changed=False, version="", model=None, embedder="", index="",
        prompts={}, data={}, settings={}, questions=count, repeats=1, whole_corpus=False, finished=True,
    )  # fmt: skip
    write_manifest(directory, manifest)


def _question(source: random.Random, number: int, text: str, passages: list[PassageRecord]) -> Question:
    gold, kind = source.choice(passages), _KINDS[number % len(_KINDS)]
    statement = gold.text.split(". ")[0]
    unanswerable = kind == "near_miss"
    return Question(
        id=f"q{number}", pack="bench", lang=_LANGUAGES[number % len(_LANGUAGES)], question=text, kind=kind,
        expected="abstain" if unanswerable else "answer", topic=f"topic {number % _TOPICS}",
        differs_in=source.choice(("year", "city", "country")) if unanswerable else None,
        gold_doc_ids=() if unanswerable else (gold.document_id,),
        answers=() if unanswerable else (" ".join(statement.split()[3:6]),),
        evidence=() if unanswerable else (statement,), references=() if unanswerable else (statement,),
        cluster=f"c{number // 2}", parallel_id=str(number // len(_LANGUAGES)),
    )  # fmt: skip


def _answer(source: random.Random, question: Question, passages: list[PassageRecord]) -> AnswerRecord:
    found = source.sample(passages, _FOUND)
    if question.gold_doc_ids and source.random() < 0.8:
        found[source.randrange(5)] = passages[int(question.gold_doc_ids[0][1:]) * 3]
    silent = source.random() < (0.7 if question.expected == "abstain" else 0.1)
    sentences = () if silent else tuple(_sentence(source, passage) for passage in found[:3])
    records = [
        passage if rank < _READ else passage.model_copy(update={"text": ""}) for rank, passage in enumerate(found)
    ]
    return AnswerRecord(
        question_id=question.id, outcome="NOT_COVERED" if silent else "ANSWERED", language=question.lang,
        answer=" ".join(sentence.text for sentence in sentences) or "The documents do not hold an answer to this.",
        sentences=sentences, passages=tuple(records), confidence=source.random(),
        timings_ms={"found": source.randint(20, 90), "first_sentence": 95, "total": source.randint(99, 400)},
    )  # fmt: skip


def _sentence(source: random.Random, passage: PassageRecord) -> SentenceRecord:
    """A sentence of the passage, word for word or put in other words."""
    quote = source.choice(passage.text.split(". "))
    invented = f" since {source.randint(2009, 2026)}" if source.random() < 0.1 else ""
    text = quote if source.random() < 0.5 else f"It is told that{invented} {quote[8:]}"
    citation = CitationRecord(
        document_id=passage.document_id, passage_id=passage.passage_id, version=1, quote=quote, start=0,
        end=len(quote), verified=source.random() < 0.95, audience="public",
    )  # fmt: skip
    return SentenceRecord(text=text, citations=(citation,))


if __name__ == "__main__":
    main()
