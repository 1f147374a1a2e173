"""Questions that mean the same stand together, in whatever language they were asked."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from integrations.web.admin.grouping import grouped, meaning
from knowledge.embedding import Embedder

SAME = (
    (
        "How many beds does the reception centre in Preševo have?",
        "Koliko kreveta ima prihvatni centar u Preševu?",
        "Колку кревети има прифатниот центар во Прешево?",
        "Sa shtretër ka qendra e pritjes në Preshevë?",
        "پریشیوو کے استقبالیہ مرکز میں کتنے بستر ہیں؟",
        "كم عدد الأسرّة في مركز الاستقبال في بريشيفو؟",
    ),
    (
        "What does a work permit cost in Montenegro?",
        "Koliko košta radna dozvola u Crnoj Gori?",
        "Sa kushton leja e punës në Mal të Zi?",
        "মন্টিনিগ্রোতে কাজের অনুমতিপত্রের খরচ কত?",
    ),
    ("Who may take part in the voluntary return programme?", "Ko može da učestvuje u programu dobrovoljnog povratka?"),
)


def test_what_is_asked_in_six_languages_stands_together_and_apart_from_the_rest(embedder: Embedder) -> None:
    questions = [question for group in SAME for question in group]
    vectors = [meaning(embedder.question(question), embedder.name) for question in questions]
    found = [{questions[place] for place in group} for group in grouped(vectors)]
    assert all(any(group <= set(same) for same in SAME) for group in found), "no group mixes two questions"
    assert len(found) <= len(SAME) + 1, "at most one stands alone"
    assert len(found[0]) >= 5, "the largest first"


@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4), max_size=14), st.floats(-1, 1))
def test_every_question_is_in_one_group_and_what_is_the_same_is_together(rows: list[list[float]], alike: float) -> None:
    vectors = [np.asarray(row, dtype=np.float32) / max(float(np.linalg.norm(row)), 1e-6) for row in rows]
    groups = grouped(vectors, alike)
    assert sorted(place for group in groups for place in group) == list(range(len(rows)))
    assert [len(group) for group in groups] == sorted(map(len, groups), reverse=True)
    assert all(group == sorted(group) for group in groups)
    matrix = np.stack(vectors).astype(np.float64) if vectors else np.zeros((0, 4))
    for first in range(len(groups)):
        for second in range(first):
            between = matrix[groups[first]] @ matrix[groups[second]].T
            assert between.mean() < alike + 1e-6, "two groups that are alike enough are one"
