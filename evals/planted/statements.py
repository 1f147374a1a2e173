"""The true statements: what the library's gold statements say, in other words and other languages. ``of`` names the
case whose first piece of evidence says the same; translations were not reviewed by native speakers."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml

from evals.cases import Case, load_cases
from evals.errors import InvalidCases

FOLDER = Path(__file__).parent / "statements"
_LATIN = str.maketrans(
    dict(
        pair.split(":")
        for pair in (
            "а:a б:b в:v г:g д:d ђ:đ е:e ж:ž з:z и:i ј:j к:k л:l љ:lj м:m н:n њ:nj о:o п:p р:r с:s т:t ћ:ć у:u ф:f х:h "
            "ц:c ч:č џ:dž ш:š А:A Б:B В:V Г:G Д:D Ђ:Đ Е:E Ж:Ž З:Z И:I Ј:J К:K Л:L Љ:Lj М:M Н:N Њ:Nj О:O П:P Р:R С:S "
            "Т:T Ћ:Ć У:U Ф:F Х:H Ц:C Ч:Č Џ:Dž Ш:Š"
        ).split()
    )
)


@dataclass(frozen=True, slots=True)
class TrueStatement:
    """``language`` is sr-Latn for Serbian in Latin letters; ``written`` is the text as it was written, in Cyrillic."""

    of: str
    language: str
    text: str
    case: Case
    written: str

    @property
    def part(self) -> Literal["tuning", "test"]:
        """Half may be tuned on; which half rests on the id alone, so that all languages of a statement are in one."""
        return "tuning" if hashlib.sha256(self.of.encode()).digest()[0] % 2 else "test"


def load_statements(folder: Path = FOLDER) -> list[TrueStatement]:
    """Every statement, and the Serbian ones also in Latin letters. Raises InvalidCases for one of no case."""
    cases = {case.id: case for file in load_cases() for _, case in file.cases}
    return list(_loaded(folder, cases))


@lru_cache(maxsize=1)
def supported_elsewhere() -> dict[str, tuple[str, ...]]:
    """By the id of a case, beginnings of sentences that say what its gold statement says."""
    data = yaml.safe_load((Path(__file__).parent / "supported_elsewhere.yaml").read_text(encoding="utf-8"))
    return {of: tuple(sentences) for of, sentences in data.items()}


def in_latin(text: str) -> str:
    """Serbian in Latin letters."""
    return text.translate(_LATIN)


def _loaded(folder: Path, cases: dict[str, Case]) -> Iterator[TrueStatement]:
    for path in sorted(folder.glob("*.yaml")):
        texts = yaml.safe_load(path.read_text(encoding="utf-8"))
        for of, text in texts.items():
            case = cases.get(of)
            if case is None or not case.evidence:
                raise InvalidCases(f"{path}: there is no answerable case {of}; name one of evals/cases")
            yield TrueStatement(of, path.stem, text, case, text)
            if path.stem == "sr":
                yield TrueStatement(of, "sr-Latn", in_latin(text), case, text)
