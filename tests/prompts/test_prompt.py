import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.prompt import PromptError, load_prompt, parse_prompt

GOOD = b"""\
+++
variables = ["question", "passages"]
+++

# system
Answer {briefly}, for $$0.

# user
$passages

Question: ${question}
"""


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("answer", {"question", "language", "passages"}),
        ("condense", {"history", "question"}),
        ("judge_completeness", {"question", "answer", "statements"}),
        ("judge_support", {"sentence", "evidence"}),
    ],
)
def test_each_prompt_that_ships_loads_and_renders(name: str, variables: set[str]) -> None:
    prompt = load_prompt(name)
    assert prompt.name == name and prompt.variables == variables
    system, user = prompt.render(**{variable: f"<{variable} here>" for variable in variables})
    assert "$" not in system + user
    assert all(f"<{variable} here>" in system + user for variable in variables)


def test_a_prompt_that_does_not_exist_is_named() -> None:
    with pytest.raises(PromptError, match="no prompt 'answr'"):
        load_prompt("answr")


def test_variables_are_filled_in_and_braces_and_dollars_mean_themselves() -> None:
    system, user = parse_prompt("test", GOOD).render(question="Who came?", passages="[1] Nepal.")
    assert system == "Answer {briefly}, for $0."
    assert user == "[1] Nepal.\n\nQuestion: Who came?"


@given(st.text(), st.text())
def test_what_a_reader_asks_is_never_taken_for_a_variable(question: str, passages: str) -> None:
    _, user = parse_prompt("test", GOOD).render(question=question + "$passages ${question} $$", passages=passages)
    assert user == f"{passages}\n\nQuestion: {question}$passages ${{question}} $$"


@pytest.mark.parametrize(
    "values",
    [{}, {"question": "q"}, {"question": "q", "passages": "p", "more": "m"}],
    ids=["none", "missing", "too many"],
)
def test_values_that_are_not_the_declared_ones_are_an_error(values: dict[str, str]) -> None:
    with pytest.raises(PromptError, match=r"'test' takes \['passages', 'question'\]"):
        parse_prompt("test", GOOD).render(**values)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (b'"passages"]', b'"passages", "history"]', "declares"),
        (b'"question", ', b"", "declares"),
        (b"$$0", b"$0", "write \\$\\$"),
        (b"$$0", b"$ 5", "write \\$\\$"),
        (b"$$0", b"${question", "write \\$\\$"),
        (b"# system", b"# System", "# system"),
        (b"# user", b"user", "# user"),
        (b"+++\n\n", b"\n\n", "TOML"),
        (b"variables = [", b"variables = ", "front matter"),
        (b'variables = ["question", "passages"]', b"", "variables"),
        (b'variables = ["question", "passages"]', b'variables = "question"', "variables"),
        (b'variables = ["question", "passages"]', b'variables = ["question", 1]', "variables|declares"),
        (b'variables = ["question", "passages"]', b'variables = [["question"]]', "variables|declares"),
        (b"variables", b"model = 1\nvariables", "nothing else"),
        (b"briefly", b"\xff", "UTF-8|utf-8"),
    ],
)
def test_a_fault_in_a_prompt_file_is_told_with_its_name(right: bytes, wrong: bytes, told: str) -> None:
    assert right in GOOD
    with pytest.raises(PromptError, match=f"'test'.*({told})"):
        parse_prompt("test", GOOD.replace(right, wrong, 1))


def test_the_hash_changes_with_any_byte_of_the_file_and_with_nothing_else() -> None:
    prompt = parse_prompt("test", GOOD)
    assert parse_prompt("renamed", GOOD).hash == prompt.hash
    assert parse_prompt("test", GOOD + b"\n").hash != prompt.hash
    assert parse_prompt("test", GOOD.replace(b"briefly", b"Briefly")).hash != prompt.hash


@given(st.binary(max_size=80) | st.text(max_size=80).map(lambda text: GOOD[:60] + text.encode()))
def test_any_bytes_are_a_prompt_or_an_error_that_is_ours(raw: bytes) -> None:
    try:
        prompt = parse_prompt("test", raw)
    except PromptError as error:
        assert "'test'" in str(error)
    else:
        prompt.render(**dict.fromkeys(prompt.variables, "x"))
