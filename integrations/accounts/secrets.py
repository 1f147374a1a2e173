"""The secrets that people and programs show: 256 random bits each, for one purpose, of which only a digest is kept.

A digest needs neither salt nor a slow function here: what it hides cannot be guessed.
"""

import hashlib
import re
import secrets
from typing import Literal

Purpose = Literal["inv", "ses", "key", "shr", "sta"]
_BYTES = 32
_RANDOM_PART = re.compile(r"[A-Za-z0-9_-]{43}")


def new_secret(purpose: Purpose) -> tuple[str, str]:
    """A secret and the digest to keep of it. The secret begins with its purpose, so that one that leaked can be told
    from the text around it."""
    secret = f"{purpose}_{secrets.token_urlsafe(_BYTES)}"
    return secret, _digest(purpose, secret)


def digest_of(purpose: Purpose, secret: str) -> str | None:
    """What is kept of this secret; None for anything that was never one of this purpose."""
    beginning = f"{purpose}_"
    if not secret.startswith(beginning) or not _RANDOM_PART.fullmatch(secret, len(beginning)):
        return None
    return _digest(purpose, secret)


def new_id() -> str:
    """128 random bits. Never begins with a hyphen, which a terminal would take for an option."""
    return secrets.token_hex(16)


def _digest(purpose: Purpose, secret: str) -> str:
    return hashlib.sha256(f"migdesk {purpose} {secret}".encode()).hexdigest()
