"""The composition root: settings in, a desk out. Surfaces and evals build nothing themselves."""

import os
from contextlib import suppress
from pathlib import Path

from assistant.chain import ChatModel
from assistant.desk import Desk
from assistant.errors import InvalidSettings
from assistant.settings import ModelSettings, Settings
from knowledge.base import open_base
from knowledge.embedding import Embedder, local_embedder, openai_embedder
from knowledge.relevance import CrossEncoder


def build_embedder(settings: Settings) -> Embedder:
    """The embedder an operator chose: ``local``, or the name of a model at the OpenAI-compatible endpoint."""
    if settings.embedder == "local":
        return local_embedder()
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    if not key and not settings.openai_base_url:
        raise InvalidSettings(
            f"The embedder {settings.embedder} needs OPENAI_API_KEY, or OPENAI_BASE_URL of an endpoint that "
            f"takes no key. "
            "Set one, or unset MIGDESK_EMBEDDER for the local embedder."
        )
    return openai_embedder(settings.embedder, settings.embedding_dimensions, key or "none", settings.openai_base_url)


def build_desk(
    settings: Settings,
    *,
    data: Path | None = None,
    model: ModelSettings | None = None,
    embedder: Embedder | None = None,
) -> Desk:
    """A desk on an existing knowledge base. ``model`` None: quotes only. Raises KnowledgeError or InvalidSettings."""
    _no_tracing()
    embedder = embedder or build_embedder(settings)
    base = open_base(data or settings.data, embedder, settings.chroma_url)
    chat = ChatModel(model, settings.limits) if model else None
    return Desk(base, embedder.name, chat, settings.limits, contact=settings.contact, scores=CrossEncoder().scores)


def _no_tracing() -> None:
    """LangSmith would send questions to a third party if somebody's shell has it switched on."""
    for name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGCHAIN_TRACING"):
        with suppress(KeyError):
            del os.environ[name]
