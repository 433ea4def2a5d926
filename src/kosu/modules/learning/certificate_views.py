"""What learning answers about certificates."""

from __future__ import annotations

from datetime import datetime

import msgspec

from kosu.ids import CourseId, LessonId
from kosu.modules.learning.domain.certificates import Certificate


class MissingLesson(msgspec.Struct, frozen=True):
    """A lesson that is not complete."""

    id: LessonId
    title: str


class CertificateView(msgspec.Struct, frozen=True, kw_only=True):
    """What anybody who has the code may see. `url` is its page for people.

    All of it is as it was at `issued_at`. After `revoked_at` it certifies nothing.
    """

    code: str
    url: str
    learner_name: str
    course_title: str
    instructor_name: str
    language: str
    lesson_count: int
    duration_ms: int
    completed_at: datetime
    issued_at: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, certificate: Certificate, *, link_base: str) -> CertificateView:
        return cls(
            url=f"{link_base}/certificates/{certificate.code}",
            **{name: getattr(certificate, name) for name in CertificateView.__struct_fields__ if name != "url"},
        )


class OwnCertificate(CertificateView, frozen=True, kw_only=True):
    """As its learner and operators see it, who are also told why it was revoked."""

    course_id: CourseId
    revocation_reason: str | None

    @classmethod
    def of(cls, certificate: Certificate, *, link_base: str) -> OwnCertificate:
        public = msgspec.structs.asdict(CertificateView.of(certificate, link_base=link_base))
        return cls(**public, course_id=certificate.course_id, revocation_reason=certificate.revocation_reason)


class CertificatePage(msgspec.Struct, frozen=True):
    items: list[OwnCertificate]
    next_cursor: str | None
