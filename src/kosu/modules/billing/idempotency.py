"""The keys under which clients repeat a request without repeating its effect."""

from __future__ import annotations

from kosu.modules.billing.errors import InvalidIdempotencyKey

IDEMPOTENCY_KEY_CHARACTERS = 255


def checked_key(key: str | None) -> str | None:
    """Raises InvalidIdempotencyKey unless it is missing or 1 to 255 printable characters."""
    if key is not None and (not 0 < len(key) <= IDEMPOTENCY_KEY_CHARACTERS or not key.isprintable()):
        msg = f"An Idempotency-Key has 1 to {IDEMPOTENCY_KEY_CHARACTERS} printable characters."
        raise InvalidIdempotencyKey(msg)
    return key
