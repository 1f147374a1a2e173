"""Where documents and places in them are found in the library."""

from urllib.parse import quote, urlencode

# What a script's encodeURIComponent leaves as it is too, so that both make the same address.
_PLAIN = "/!'()*"


def document_address(root: str, document_id: str, version: int | None = None) -> str:
    """Of a document: the version in force today, or the one that is named."""
    address = f"{root}/library/{quote(document_id, safe=_PLAIN)}"
    return f"{address}?version={version}" if version is not None else address


def place_address(root: str, document_id: str, version: int, start: int, end: int) -> str:
    """Of the characters ``start`` up to ``end`` of a version's stored text, in code points: the page marks them."""
    query = urlencode({"version": version, "from": start, "to": end})
    return f"{document_address(root, document_id)}?{query}#quote"
