"""The rows of media, and their way from and to domain values: fields and columns have the same names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kosu.adapters.postgres.rows import Row

OPEN = text("state IN ('created', 'uploading', 'completing')")
ACTIVE = text("state IN ('queued', 'processing')")
# Absent is SQL's NULL, never JSON's.
DOCUMENT = JSONB(none_as_null=True)

T = TypeVar("T")


class AssetRow(Row):
    __tablename__ = "assets"
    __table_args__ = ({"schema": "media"},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    lesson_id: Mapped[UUID | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    last_revision: Mapped[int]
    publication: Mapped[dict[str, Any] | None] = mapped_column(DOCUMENT)
    captions_version: Mapped[int] = mapped_column(server_default="0")


class RetiredRevisionRow(Row):
    __tablename__ = "retired_revisions"
    __table_args__ = (Index("ix_retired_revisions_retired_at", "retired_at"), {"schema": "media"})

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("media.assets.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    retired_at: Mapped[datetime]


class CaptionRow(Row):
    __tablename__ = "captions"
    __table_args__ = ({"schema": "media"},)

    asset_id: Mapped[UUID] = mapped_column(ForeignKey("media.assets.id"), primary_key=True)
    lang: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    updated_at: Mapped[datetime]


class UploadRow(Row):
    __tablename__ = "uploads"
    __table_args__ = (
        Index("uq_uploads_open", "owner_id", "fingerprint", unique=True, postgresql_where=OPEN),
        Index("ix_uploads_expiring", "expires_at", postgresql_where=OPEN),
        Index("ix_uploads_unpurged", "id", postgresql_where=text("NOT purged")),
        {"schema": "media"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(index=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("media.assets.id"), index=True)
    lesson_id: Mapped[UUID | None]
    filename: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int]
    part_size_bytes: Mapped[int]
    key: Mapped[str]
    multipart_id: Mapped[str]
    fingerprint: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[str]
    purged: Mapped[bool]


class RunRow(Row):
    __tablename__ = "runs"
    __table_args__ = (
        Index("ix_runs_wake_at", "wake_at", postgresql_where=ACTIVE),
        {"schema": "media"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("media.assets.id"), index=True)
    lesson_id: Mapped[UUID | None]
    upload_id: Mapped[UUID] = mapped_column(ForeignKey("media.uploads.id"), unique=True)
    source_key: Mapped[str]
    source_bytes: Mapped[int]
    created_at: Mapped[datetime]
    state: Mapped[str]
    steps: Mapped[list[Any]]
    percent: Mapped[int]
    attempt: Mapped[int]
    fence: Mapped[int]
    lease_until: Mapped[datetime | None]
    wake_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any] | None] = mapped_column(DOCUMENT)
    renditions: Mapped[list[Any]]
    revisions: Mapped[list[Any]]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error: Mapped[dict[str, Any] | None] = mapped_column(DOCUMENT)
    waits_for: Mapped[str | None]


class ChunkRow(Row):
    __tablename__ = "chunks"
    __table_args__ = ({"schema": "media"},)

    run_id: Mapped[UUID] = mapped_column(ForeignKey("media.runs.id"), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    span: Mapped[dict[str, Any]]
    state: Mapped[str]
    attempt: Mapped[int]
    fence: Mapped[int]
    lease_until: Mapped[datetime | None]
    frames: Mapped[int]
    encoded: Mapped[dict[str, Any] | None] = mapped_column(DOCUMENT)
    files: Mapped[list[Any]]


def columns_of(value: object) -> dict[str, Any]:
    """The fields of a domain value as columns: nested values become JSON, ids and times stay what they are."""
    columns: dict[str, Any] = msgspec.to_builtins(value, builtin_types=(UUID, datetime))
    return columns


def value_of(columns: Mapping[str, Any], kind: type[T]) -> T:
    return msgspec.convert(columns, kind)
