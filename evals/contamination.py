"""Whether a prompt file gives away what the desk is to be asked: a run on such questions would measure the prompt."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources

from evals.errors import Contaminated
from evals.questions import Question

# Shorter answers ("45", "in Belgrade") and questions ("Who came?") stand in any text by accident.
_LEAST_ANSWER = 31
_LEAST_QUESTION = 16


@dataclass(frozen=True, slots=True)
class Leak:
    """A prompt file that holds something of a question. ``what`` names the part: the question, an answer, …"""

    prompt: str
    question_id: str
    what: str
    text: str


def prompt_texts() -> dict[str, str]:
    """File name → text of every prompt that the desk has."""
    folder = resources.files("prompts")
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".md")
    }


def leaks(questions: Iterable[Question], prompts: Mapping[str, str]) -> Iterator[Leak]:
    """Every prompt that holds a question's text, or an accepted answer or gold statement longer than 30 characters;
    case and white space aside."""
    flattened = {name: _flat(text) for name, text in prompts.items()}
    for question in questions:
        answers = [answer for group in question.answers_wanted for answer in group]
        parts = [("question", question.question, _LEAST_QUESTION)]
        parts += [("accepted answer", answer, _LEAST_ANSWER) for answer in (*answers, *question.references)]
        parts += [("gold statement", statement, _LEAST_ANSWER) for statement in question.evidence]
        for what, text, least in parts:
            flat = _flat(text)
            if len(flat) >= least:
                yield from (Leak(name, question.id, what, text) for name, held in flattened.items() if flat in held)


def refuse_contaminated(questions: Iterable[Question], prompts: Mapping[str, str]) -> None:
    """Raises Contaminated naming the first prompt and question."""
    for leak in leaks(questions, prompts):
        raise Contaminated(
            f"The prompt {leak.prompt} holds the {leak.what} of {leak.question_id}: “{leak.text[:80]}”. A run would "
            "measure the prompt. Take it out of the prompt, or the question out of the pack."
        )


def _flat(text: str) -> str:
    return " ".join(text.casefold().split())
