from concurrent.futures import ThreadPoolExecutor

from knowledge.recent import Recent


def test_what_was_used_last_is_kept_and_the_rest_forgotten() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1  # used again, and so younger than b
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)


def test_a_value_put_again_is_the_new_one() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("a", 2)
    recent.put("b", 3)
    assert (recent.get("a"), recent.get("b")) == (2, 3)


def test_several_threads_never_hold_more_than_allowed_nor_another_keys_value() -> None:
    recent: Recent[int, int] = Recent(10)

    def use(number: int) -> bool:
        recent.put(number % 30, number % 30)
        return recent.get((number * 7) % 30) in (None, (number * 7) % 30)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(use, range(3000)))
    assert sum(recent.get(key) is not None for key in range(30)) == 10
