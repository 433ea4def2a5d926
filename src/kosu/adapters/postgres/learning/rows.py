"""learning's rows, and how their columns become values of the domain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE
from sqlalchemy.orm import Mapped, mapped_column

from kosu.adapters.postgres.rows import Row
from kosu.ids import CourseId, DeviceId, LessonId, NoteId, UserId
from kosu.modules.learning.domain.intervals import Intervals
from kosu.modules.learning.domain.notes import Note
from kosu.modules.learning.domain.progress import Heard, Progress


class EnrolmentRow(Row):
    """That a learner ever had a grant for a course; what the grants of the pair are locked by."""

    __tablename__ = "enrolments"
    __table_args__ = (
        Index("ix_enrolments_newest", "user_id", "enrolled_at", "course_id"),
        Index("ix_enrolments_course", "course_id", "enrolled_at"),
        {"schema": "learning"},
    )

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    enrolled_at: Mapped[datetime]


class GrantRow(Row):
    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("source", "source_id", name="uq_grants_source"),
        ForeignKeyConstraint(
            ["user_id", "course_id"], ["learning.enrolments.user_id", "learning.enrolments.course_id"]
        ),
        Index("ix_grants_enrolment", "user_id", "course_id"),
        Index("ix_grants_live", "course_id", "user_id", postgresql_where=text("revoked_at IS NULL")),
        {"schema": "learning"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    course_id: Mapped[UUID]
    source: Mapped[str]
    source_id: Mapped[UUID]
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class EnrolmentCountRow(Row):
    __tablename__ = "enrolment_counts"
    __table_args__ = ({"schema": "learning"},)

    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    enrolment_count: Mapped[int]
    counted_at: Mapped[datetime]


class ProgressRow(Row):
    """`watched` in milliseconds; `seqs` is a list of [device, newest seq], the last heard last.

    `heard` has [moment, spare ms] by device, where they are known.
    """

    __tablename__ = "progress"
    __table_args__ = (
        Index("ix_progress_course", "course_id", "user_id"),
        Index("ix_progress_lesson", "lesson_id"),
        {"schema": "learning"},
    )

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    lesson_id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID]
    position_ms: Mapped[int]
    furthest_ms: Mapped[int]
    watched: Mapped[Any] = mapped_column(INT4MULTIRANGE)
    completed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime | None]
    media_revision: Mapped[int]
    seqs: Mapped[list[Any]]
    heard: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class NoteRow(Row):
    __tablename__ = "notes"
    __table_args__ = (
        Index("ix_notes_lesson", "user_id", "lesson_id", "at_ms", "id"),
        Index("ix_notes_newest", "user_id", "created_at", "id"),
        {"schema": "learning"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    course_id: Mapped[UUID]
    lesson_id: Mapped[UUID]
    at_ms: Mapped[int]
    body: Mapped[str]
    media_revision: Mapped[int]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CertificateRow(Row):
    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("user_id", "course_id", name="uq_certificates_learner"),
        Index("ix_certificates_instructor_id", "instructor_id"),
        {"schema": "learning"},
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    course_id: Mapped[UUID]
    instructor_id: Mapped[UUID]
    learner_name: Mapped[str]
    instructor_name: Mapped[str]
    course_title: Mapped[str]
    language: Mapped[str]
    lesson_count: Mapped[int]
    duration_ms: Mapped[int]
    completed_at: Mapped[datetime]
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revocation_reason: Mapped[str | None]


PROGRESS_COLUMNS = """user_id, lesson_id, course_id, position_ms, furthest_ms, CAST(watched AS text), completed_at,
    updated_at, media_revision, CAST(seqs AS text), CAST(heard AS text)"""


class _Told(msgspec.Struct, frozen=True, array_like=True):
    """The columns of progress that are text in SQL."""

    watched: Intervals
    seqs: tuple[tuple[UUID, int], ...]
    heard: dict[UUID, tuple[datetime, int]]


_decode_told = msgspec.json.Decoder(_Told).decode


def multirange_text(intervals: Intervals) -> str:
    """PostgreSQL's text form of a multirange."""
    return "{" + ",".join([f"[{start},{end})" for start, end in intervals]) + "}"


def progress_of(columns: Sequence[Any]) -> Progress:
    """From PROGRESS_COLUMNS."""
    (
        user_id, lesson_id, course_id, position_ms, furthest_ms, watched, completed_at, updated_at, media_revision,
        seqs, heard,
    ) = columns  # fmt: skip
    # One call for all of them: there are thousands of rows in a flush.
    told = _decode_told(f"[[{watched[1:-1].replace(')', ']')}],{seqs},{heard}]")
    return Progress(
        user_id=UserId(user_id),
        lesson_id=LessonId(lesson_id),
        course_id=CourseId(course_id),
        position_ms=position_ms,
        furthest_ms=furthest_ms,
        watched=told.watched,
        completed_at=completed_at,
        updated_at=updated_at,
        media_revision=media_revision,
        devices=tuple(
            [Heard(DeviceId(device_id), seq, *told.heard.get(device_id, (None, 0))) for device_id, seq in told.seqs]
        ),
    )


def seqs_json(devices: tuple[Heard, ...]) -> list[tuple[DeviceId, int]]:
    return [(device.device_id, device.seq) for device in devices]


def heard_json(devices: tuple[Heard, ...]) -> dict[DeviceId, tuple[datetime, int]]:
    return {device.device_id: (device.at, device.spare_ms) for device in devices if device.at is not None}


NOTE_COLUMNS = "id, user_id, course_id, lesson_id, at_ms, body, media_revision, version, created_at, updated_at"


def note_of(columns: Sequence[Any]) -> Note:
    """From NOTE_COLUMNS."""
    note_id, user_id, course_id, lesson_id, at_ms, body, media_revision, version, created_at, updated_at = columns
    return Note(
        id=NoteId(note_id),
        user_id=UserId(user_id),
        course_id=CourseId(course_id),
        lesson_id=LessonId(lesson_id),
        at_ms=at_ms,
        body=body,
        media_revision=media_revision,
        version=version,
        created_at=created_at,
        updated_at=updated_at,
    )
