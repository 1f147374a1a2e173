from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.audiences import parse_audience
from knowledge.embedding import Vectors
from knowledge.errors import IndexDamaged, UnknownAudience
from knowledge.store import ChromaStore

FINGERPRINT = "abc123"


class Shelf:
    """A source of vectors in memory: audience → id → vector."""

    def __init__(self, **held: dict[str, Sequence[float]]) -> None:
        self.held = {audience.replace("__", ":"): vectors for audience, vectors in held.items()}

    def ids(self, fingerprint: str, audience: str) -> set[str]:
        assert fingerprint == FINGERPRINT
        return set(self.held.get(audience, {}))

    def vectors_of(self, fingerprint: str, ids: Sequence[str]) -> Iterable[tuple[list[str], Vectors]]:
        every = {identifier: vector for vectors in self.held.values() for identifier, vector in vectors.items()}
        for identifier in ids:
            yield [identifier], np.array([every[identifier]], dtype=np.float32)


NORTH, EAST, SOUTH = (0.0, 1.0), (1.0, 0.0), (0.0, -1.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ChromaStore]:
    opened = ChromaStore.embedded(tmp_path / "chroma", FINGERPRINT)
    yield opened
    opened.close()


def nearest(store: ChromaStore, vector: Sequence[float], *audiences: str, count: int = 1) -> list[str]:
    return store.nearest(np.array(vector, dtype=np.float32), audiences, count)


def test_the_nearest_passages_of_each_audience_are_found(store: ChromaStore) -> None:
    store.fill(Shelf(public={"a": NORTH, "b": EAST}, staff={"c": NORTH, "d": SOUTH}), ["public", "staff"])
    assert nearest(store, (0.1, 0.9), "public") == ["a"]
    assert nearest(store, (0.1, 0.9), "public", "staff") == ["a", "c"]
    assert nearest(store, (0.9, 0.1), "public", count=2) == ["b", "a"]


def test_an_audience_that_was_not_named_is_not_searched(store: ChromaStore) -> None:
    store.fill(
        Shelf(public={"a": EAST}, staff={"c": NORTH}, partner__nepal={"d": NORTH}), ["public", "staff", "partner:nepal"]
    )
    assert nearest(store, NORTH, "public", count=10) == ["a"]
    assert nearest(store, NORTH, "partner:bangladesh", count=10) == []
    assert nearest(store, NORTH, "partner:nepal", count=10) == ["d"]
    assert nearest(store, NORTH, count=10) == []


def test_filling_again_changes_nothing(store: ChromaStore) -> None:
    shelf = Shelf(public={"a": NORTH, "b": EAST})
    assert store.fill(shelf, ["public"]) == 2
    assert store.fill(shelf, ["public"]) == 0
    assert store.sizes() == {f"{FINGERPRINT}-public": 2}


def test_what_is_gone_from_the_catalogue_goes_and_what_is_new_comes(store: ChromaStore) -> None:
    store.fill(Shelf(public={"a": NORTH, "b": EAST}, staff={"c": NORTH}), ["public", "staff"])
    store.fill(Shelf(public={"b": EAST, "e": SOUTH}), ["public"])
    assert set(nearest(store, NORTH, "public", "staff", count=10)) == {"b", "e"}
    assert store.sizes() == {f"{FINGERPRINT}-public": 2}


def test_an_index_that_was_closed_is_whole_when_it_is_opened_again(tmp_path: Path) -> None:
    shelf = Shelf(public={f"id{n}": (float(n), 1.0) for n in range(250)})
    first = ChromaStore.embedded(tmp_path / "chroma", FINGERPRINT)
    first.fill(shelf, ["public"])
    first.close()
    second = ChromaStore.embedded(tmp_path / "chroma", FINGERPRINT)
    try:
        assert second.sizes() == {f"{FINGERPRINT}-public": 250}
        assert nearest(second, (0.0, 1.0), "public") == ["id0"]
        assert set(nearest(second, (0.0, 1.0), "public", count=250)) == set(shelf.held["public"])
    finally:
        second.close()


@pytest.mark.parametrize("label", ["partner:a", "partner:nepal-", "partner:a--b", "partner:z9", "partner:" + "x" * 41])
def test_an_audience_is_either_refused_or_can_have_a_collection(store: ChromaStore, label: str) -> None:
    try:
        audience = parse_audience(label)
    except UnknownAudience:
        return
    shelf = Shelf(public={"a": NORTH})
    shelf.held[audience] = {"b": NORTH}
    store.fill(shelf, ["public", audience])
    assert nearest(store, NORTH, audience) == ["b"]


def test_two_labels_never_share_a_collection(store: ChromaStore) -> None:
    shelf = Shelf(partner={"a": NORTH}, partner__a={"b": NORTH})
    shelf.held["partner:a-b"] = {"c": NORTH}
    store.fill(shelf, sorted(shelf.held))
    assert nearest(store, NORTH, "partner", count=9) == ["a"]
    assert nearest(store, NORTH, "partner:a", count=9) == ["b"]
    assert nearest(store, NORTH, "partner:a-b", count=9) == ["c"]


def test_two_bases_on_one_server_leave_each_others_passages_alone(store: ChromaStore) -> None:
    first, second = (ChromaStore(store._client, FINGERPRINT, base) for base in ("base1", "base2"))
    first.fill(Shelf(public={"a": NORTH}, staff={"b": NORTH}), ["public", "staff"])
    second.fill(Shelf(public={"c": EAST}), ["public"])
    assert nearest(first, EAST, "public", "staff", count=9) == ["a", "b"]
    assert nearest(second, NORTH, "public", "staff", count=9) == ["c"]


def test_a_question_that_the_index_cannot_answer_is_said_to_be_damage(tmp_path: Path) -> None:
    store = ChromaStore.embedded(tmp_path / "chroma", FINGERPRINT)
    store.fill(Shelf(public={"a": NORTH}), ["public"])
    with pytest.raises(IndexDamaged):
        nearest(store, (1.0, 0.0, 0.0), "public")  # vectors of another length
    store.close()


def test_a_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(IndexDamaged, match="http://127.0.0.1:9 does not answer. Check MIGDESK_CHROMA_URL"):
        ChromaStore.server("http://127.0.0.1:9", FINGERPRINT, "base")
