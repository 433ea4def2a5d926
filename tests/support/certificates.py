"""Certificates for tests: a test states only the detail that it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from kosu.modules.learning.domain.certificate_codes import SECRET_BYTES, code_of
from kosu.modules.learning.domain.certificates import Certificate
from tests.support.catalog import INSTRUCTOR
from tests.support.learning import COURSE, LEARNER

AT = datetime(2026, 1, 1, tzinfo=UTC)


def a_code() -> str:
    """Another one each time."""
    return code_of(uuid4().bytes[:SECRET_BYTES])


def a_certificate(**changes: Any) -> Certificate:
    certificate = Certificate(
        code=a_code(),
        user_id=LEARNER,
        course_id=COURSE,
        instructor_id=INSTRUCTOR,
        learner_name="김하늘",
        instructor_name="Ines",
        course_title="Data by demonstration",
        language="ko",
        lesson_count=12,
        duration_ms=12_000_000,
        completed_at=AT,
        issued_at=AT,
    )
    return replace(certificate, **changes)
