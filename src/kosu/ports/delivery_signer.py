"""Signed access to media under a prefix, in the form that the content delivery network checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable


@runtime_checkable
class DeliverySigner(Protocol):
    def sign(self, prefix: str, *, expires_at: datetime) -> Mapping[str, str]:
        """Cookies (name to value) that open every path under `prefix` on the media host until `expires_at`.

        `prefix` is a path such as `media/v/{asset}/{revision}/`: see `check_prefix`.

        Source: Amazon CloudFront Developer Guide, "Use signed cookies", custom policy.
        """
        ...


def check_prefix(prefix: str) -> str:
    """The prefix itself, a path from the root of the media host, whole up to its last slash.

    Raises:
        ValueError: it is not one, or holds a wildcard, which would open more than the prefix.
    """
    if prefix.startswith("/") or not prefix.endswith("/") or set("*?") & set(prefix):
        msg = f"not a path below which everything may be opened: {prefix!r}"
        raise ValueError(msg)
    return prefix
