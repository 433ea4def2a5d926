"""The shape of every list."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """A part of a list; `next_cursor` asks for the part after it and is null at the end."""

    items: list[T]
    next_cursor: str | None = None
