"""The base of all rows. A module's rows stand in `adapters/postgres/<module>.py`, in that module's own schema."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from advanced_alchemy.base import CommonTableAttributes, convention
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from sqlalchemy import BigInteger, Boolean, DateTime, LargeBinary, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

__all__ = ["Row", "SQLAlchemyAsyncRepository"]


class Row(CommonTableAttributes, DeclarativeBase):
    """A row: columns are named and typed by annotations, ids come from the domain, times are aware UTC.

    Not advanced-alchemy's own base: its JSON type does not work with SQLAlchemy 2.1.
    """

    __abstract__ = True
    metadata = MetaData(naming_convention=convention)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid,
        str: Text,
        int: BigInteger,
        bool: Boolean,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        bytes: LargeBinary,
    }
