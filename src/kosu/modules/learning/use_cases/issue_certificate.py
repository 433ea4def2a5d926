"""Certify that a learner completed a course."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.catalog import Catalog, CourseOutline
from kosu.modules.identity import Identity
from kosu.modules.learning.certificate_errors import CourseIncomplete
from kosu.modules.learning.certificate_ports import CertificateQueries
from kosu.modules.learning.certificate_views import CertificateView, MissingLesson
from kosu.modules.learning.current_progress import CurrentProgress
from kosu.modules.learning.domain.certificate_codes import SECRET_BYTES, code_of
from kosu.modules.learning.domain.certificates import Certificate, completed_at
from kosu.modules.learning.domain.progress import course_percent
from kosu.modules.learning.errors import CourseNotFound, NotEnrolled
from kosu.modules.learning.events import CertificateIssued
from kosu.modules.learning.ports import LearningQueries, LearningRecords
from kosu.ports.clock import Clock
from kosu.ports.id_source import SecretSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """`is_new`: it was not there before."""

    view: CertificateView
    is_new: bool


@dataclass(frozen=True, slots=True)
class IssueCertificate:
    transaction: Transaction[LearningRecords]
    queries: LearningQueries
    certificates: CertificateQueries
    current_progress: CurrentProgress
    catalog: Catalog
    identity: Identity
    clock: Clock
    secrets: SecretSource
    link_base: str

    async def __call__(self, *, user_id: UserId, slug: str) -> IssuedCertificate:
        """The learner's one certificate of the course, which is theirs from then on.

        It stays when lessons come or go, and when access ends: it says what was learned, not what was paid for.

        Raises:
            CourseNotFound, NotEnrolled, CourseIncomplete
        """
        course = await self.catalog.course_by_slug(slug)
        if course is None:
            raise CourseNotFound
        held = await self.certificates.certificate_of(user_id, course.course_id)
        if held is not None:
            return self._issued(held, is_new=False)
        if not await self.queries.enrolled(user_id, [course.course_id], at=self.clock.now()):
            raise NotEnrolled if course.state in {"published", "archived"} else CourseNotFound
        earned = await self._earned(user_id, course)
        async with self.transaction() as records:
            certificate = await records.certificates.add_or_get(earned)
            is_new = certificate.code == earned.code
            if is_new:
                await records.outbox.add(
                    CertificateIssued(code=certificate.code, user_id=user_id, course_id=course.course_id)
                )
        return self._issued(certificate, is_new=is_new)

    async def _earned(self, user_id: UserId, course: CourseOutline) -> Certificate:
        lesson_ids = tuple(lesson.lesson_id for lesson in course.lessons)
        progress = await self.current_progress(user_id, lesson_ids)
        completion = completed_at(lesson_ids, progress)
        if completion is None:
            raise CourseIncomplete(
                percent=course_percent(
                    (lesson.duration_ms, progress.get(lesson.lesson_id)) for lesson in course.lessons
                ),
                missing=[
                    MissingLesson(lesson.lesson_id, lesson.title)
                    for lesson in course.lessons
                    if completed_at((lesson.lesson_id,), progress) is None
                ],
            )
        learner = await self.identity.contact(user_id)
        if learner is None:
            raise NotEnrolled
        instructor = await self.identity.display_names([course.instructor_id])
        return Certificate(
            code=code_of(self.secrets.token(SECRET_BYTES)),
            user_id=user_id,
            course_id=course.course_id,
            instructor_id=course.instructor_id,
            learner_name=learner.display_name,
            instructor_name=instructor.get(course.instructor_id, ""),
            course_title=course.title,
            language=learner.locale,
            lesson_count=len(course.lessons),
            duration_ms=sum(lesson.duration_ms or 0 for lesson in course.lessons),
            completed_at=completion,
            issued_at=self.clock.now(),
        )

    def _issued(self, certificate: Certificate, *, is_new: bool) -> IssuedCertificate:
        return IssuedCertificate(CertificateView.of(certificate, link_base=self.link_base), is_new)
