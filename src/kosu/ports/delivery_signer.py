"""Signed access to media under a prefix, in the form that the content delivery network checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable


@runtime_checkable
class DeliverySigner(Protocol):
    def sign(self, prefix: str, *, expires_at: datetime) -> Mapping[str, str]:
        """Cookies (name to value) that open every path under `prefix` on the media host until `expires_at`.

        `prefix` is a path such as `media/v/{asset}/{revision}/`, ending with a slash.

        Source: Amazon CloudFront Developer Guide, "Use signed cookies", custom policy.
        """
        ...
