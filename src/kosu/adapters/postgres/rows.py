"""The base of all rows. A module's rows stand in `adapters/postgres/<module>.py`, in that module's own schema."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from advanced_alchemy.base import DefaultBase, convention
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from sqlalchemy import BigInteger, Boolean, DateTime, LargeBinary, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from sqlalchemy.orm import registry as Registry  # noqa: N812 - a class with a lower-case name

__all__ = ["Row", "SQLAlchemyAsyncRepository", "rows_registry"]

rows_registry = Registry(
    metadata=MetaData(naming_convention=convention),
    type_annotation_map={
        UUID: Uuid,
        str: Text,
        int: BigInteger,
        bool: Boolean,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        bytes: LargeBinary,
    },
)


class Row(DefaultBase):
    """A row: columns are named and typed by annotations, ids come from the domain, times are aware UTC."""

    __abstract__ = True
    registry = rows_registry
    metadata = rows_registry.metadata
