"""A window with one sentence. Pure."""

from integrations.slack.blocks import Block, modal, section
from integrations.slack.texts import text


def message_view(words: str, language: str) -> Block:
    return modal(text("view.answer", language), [section(words)], text("view.close", language))
