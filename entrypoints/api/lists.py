"""The shape of every list."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter

T = TypeVar("T")

Limit = Annotated[int, QueryParameter(ge=1, le=100)]
QueryText = Annotated[str | None, QueryParameter(max_length=200)]


class Page(msgspec.Struct, Generic[T], frozen=True):
    """A part of a list; `next_cursor` asks for the part after it and is null at the end."""

    items: list[T]
    next_cursor: str | None = None
