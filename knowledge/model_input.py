"""Text as a local model can take it. Pure."""

# Both local models read a few hundred tokens; past this nothing is gained and minutes are lost.
MAX_CHARACTERS = 8000


def model_input(text: str) -> str:
    """Cut, with a blank for each NUL, which would end the text, and without lone surrogates, which stop a batch."""
    return text.replace("\0", " ")[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
