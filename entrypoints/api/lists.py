"""The parameters that lists share. Each list has a page struct of its own, so that the document names its items."""

from __future__ import annotations

from typing import Annotated

from litestar.params import QueryParameter

Limit = Annotated[int, QueryParameter(ge=1, le=100)]
QueryText = Annotated[str | None, QueryParameter(max_length=200)]
# What goes into or is compared with a column: PostgreSQL takes no NUL.
ColumnText = Annotated[str | None, QueryParameter(max_length=200, pattern="^[^\\x00]*$")]
