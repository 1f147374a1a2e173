"""What raters are shown of a run, and which of it: a stratified draw, with those among it on which judge and metrics
disagree. Pure."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict

from evals.judging.result import Judgement, JudgeResult
from evals.metrics.measuring import measured
from evals.questions import Question
from evals.records import AnswerRecord
from evals.run_directory import Run

Why = Literal["stratum", "disagreement"]
# Of a refusal the rater sees what the desk had found, the best first.
_PASSAGES_OF_A_REFUSAL = 3
_MOST_DISAGREEING = 4
# Judgement → what is measured without a judge and should come out alike.
_ALIKE = {"support": ("grounded_figures", "grounded_names"), "completeness": ("answer_containment",)}


class Source(BaseModel):
    """``quote`` is empty for a passage that was found and not cited; ``passage`` where the run did not keep it."""

    model_config = ConfigDict(frozen=True)
    title: str
    published: str
    locator: str
    quote: str
    passage: str


class Item(BaseModel):
    """What a rater is shown: an answer with the sentence that is asked about (``sentence``, from 0), or a refusal
    (None). Holds no word on which desk, model or score stands behind it."""

    model_config = ConfigDict(frozen=True)
    id: str
    history: tuple[str, ...]
    question: str
    language: str
    answer: tuple[str, ...]
    sentence: int | None
    sources: tuple[Source, ...]


class KeyItem(BaseModel):
    """What stands behind an item: kept with the run, never in a sheet. ``shown``: digest of what the rater saw."""

    model_config = ConfigDict(frozen=True)
    question_id: str
    repeat: int
    sentence: int | None
    stratum: str
    why: Why
    shown: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """``audiences``: of the texts that the item shows."""

    item: Item
    key: KeyItem
    audiences: frozenset[str]


def draw_items(run: Run, judge: JudgeResult | None, size: int, seed: int) -> list[Drawn]:
    """At most ``size`` answers and refusals, one sentence of each answer: up to a quarter on which judge and metrics
    disagree, the rest in proportion to language × kind × outcome, at least one of each as long as there is room. The
    same seed draws the same."""
    chance = random.Random(seed)
    disputed = _disputed(run, judge) if judge is not None else {}
    candidates = [
        _drawn(run.questions[answer.question_id], answer, _sentence(answer, disputed, chance), seed)
        for answer in run.answers
        if answer.repeat == 0 and _can_be_labelled(answer)
    ]
    chance.shuffle(candidates)
    first = [one for one in candidates if one.key.question_id in disputed][: max(1, size // _MOST_DISAGREEING)]
    taken = {one.item.id for one in first}
    strata: dict[str, list[Drawn]] = {}
    for one in candidates:
        if one.item.id not in taken:
            strata.setdefault(one.key.stratum, []).append(one)
    shares = shared_out(size - len(first), {name: len(members) for name, members in strata.items()})
    rest = [one for name, members in strata.items() for one in members[: shares[name]]]
    return [*(replace(one, key=one.key.model_copy(update={"why": "disagreement"})) for one in first), *rest]


def shared_out(size: int, strata: Mapping[str, int]) -> dict[str, int]:
    """How many of each stratum: one each, the largest strata first where there are more strata than places, then in
    proportion (largest remainder), never more than a stratum has."""
    shares = dict.fromkeys(strata, 0)
    for name in sorted(strata, key=lambda name: (-strata[name], name))[: max(0, size)]:
        shares[name] = min(1, strata[name])
    total = sum(strata.values())
    for _ in range(min(size, total) - sum(shares.values())):
        open_strata = [name for name in strata if shares[name] < strata[name]]
        missed = max(open_strata, key=lambda name: (strata[name] / total * size - shares[name], name))
        shares[missed] += 1
    return shares


def _can_be_labelled(answer: AnswerRecord) -> bool:
    return answer.failure is None and (bool(answer.sentences) or answer.outcome in ("NOT_COVERED", "DECLINED"))


def _sentence(answer: AnswerRecord, disputed: Mapping[str, Sequence[int]], chance: random.Random) -> int | None:
    """One that is disputed, else one that is cited, else any; None of a refusal."""
    cited = [number for number, sentence in enumerate(answer.sentences) if sentence.citations]
    among = disputed.get(answer.question_id) or cited or range(len(answer.sentences))
    return chance.choice(among) if answer.sentences else None


def _drawn(question: Question, answer: AnswerRecord, sentence: int | None, seed: int) -> Drawn:
    item = shown_item(question, answer, sentence, seed)
    key = KeyItem(
        question_id=question.id,
        repeat=answer.repeat,
        sentence=sentence,
        stratum=" · ".join((question.lang, question.kind or question.expected, answer.outcome)),
        why="stratum",
        shown=digest_of(item),
    )
    passages = {passage.audience for passage in answer.passages if passage.text}
    cited = {citation.audience for each in answer.sentences for citation in each.citations}
    return Drawn(item, key, frozenset(passages | cited))


def shown_item(question: Question, answer: AnswerRecord, sentence: int | None, seed: int = 0) -> Item:
    named = f"{seed}\n{question.id}\n{answer.repeat}\n{sentence}"
    return Item(
        # A letter first: a spreadsheet takes 12e34567 for a number.
        id="i" + hashlib.blake2b(named.encode(), digest_size=6).hexdigest(),
        history=tuple(f"{turn.role}: {turn.text}" for turn in question.history),
        question=question.question,
        language=question.lang,
        answer=tuple(each.text for each in answer.sentences) or (answer.answer,),
        sentence=sentence,
        sources=_sources(answer, sentence),
    )


def digest_of(item: Item) -> str:
    """Of all but the id: tells whether the run still holds what the rater saw."""
    return hashlib.sha256(item.model_dump_json(exclude={"id"}).encode()).hexdigest()[:16]


def _sources(answer: AnswerRecord, sentence: int | None) -> tuple[Source, ...]:
    if sentence is None:
        kept = [passage.text for passage in answer.passages if passage.text][:_PASSAGES_OF_A_REFUSAL]
        return tuple(Source(title="", published="", locator="", quote="", passage=text) for text in kept)
    texts = {passage.passage_id: passage.text for passage in answer.passages}
    return tuple(
        Source(
            title=citation.title,
            published=citation.published or "",
            locator=citation.locator,
            quote=citation.quote,
            passage=texts.get(citation.passage_id, ""),
        )
        for citation in answer.sentences[sentence].citations
    )


def _disputed(run: Run, judge: JudgeResult) -> dict[str, list[int]]:
    """Questions of which the judge said yes where what is measured says no, or the other way round, with the sentences
    that it is about, if it is about one."""
    judged: dict[tuple[str, int, str], list[Judgement]] = {}
    for judgement in judge.judgements:
        if judgement.verdict is not None:
            judged.setdefault((judgement.question_id, judgement.repeat, judgement.kind), []).append(judgement)
    disputed: dict[str, list[int]] = {}
    for answer in run.answers:
        parts = measured(run.questions[answer.question_id], answer)
        for kind, components in _ALIKE.items():
            made = judged.get((answer.question_id, answer.repeat, kind), [])
            faults = [judgement for judgement in made if judgement.verdict != "yes"]
            holds = [parts[name][0] >= parts[name][1] for name in components if name in parts]
            if made and holds and (not faults) != all(holds):
                sentences = [judgement.sentence for judgement in faults or made]
                disputed.setdefault(answer.question_id, []).extend(n for n in sentences if n is not None)
    return disputed


def shuffled(drawn: Sequence[Drawn], seed: int, rater: int) -> list[Drawn]:
    """In an order of the rater's own, so that tiredness does not fall on the same items."""
    order = list(drawn)
    random.Random(f"{seed} {rater}").shuffle(order)
    return order
