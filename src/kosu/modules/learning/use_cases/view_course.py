"""A course's page for the one who asks: what it says, and what of it opens."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from kosu.ids import UserId
from kosu.modules.catalog import Catalog, CourseDetail, CurriculumJson
from kosu.modules.learning.domain.access import Asker, Terms, decide
from kosu.modules.learning.errors import CourseNotFound
from kosu.modules.learning.ports import LearningQueries
from kosu.modules.learning.views import AccessView, EncodedCourseView
from kosu.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class ViewCourse:
    catalog: Catalog
    queries: LearningQueries
    clock: Clock

    async def __call__(self, *, slug: str, user_id: UserId | None, is_operator: bool) -> EncodedCourseView:
        """Raises CourseNotFound: also when the course is not offered and the asker has no part in it."""
        detail = await self.catalog.detail(slug)
        if detail is None:
            raise CourseNotFound
        terms = Terms(
            instructor_id=detail.instructor_id,
            is_published=detail.state == "published",
            is_free=detail.card.price.is_free,
        )
        asker = await self._asker(detail, user_id, is_operator=is_operator)
        access = decide(terms, asker)
        if access is None:
            raise CourseNotFound

        preview_access = decide(terms, asker, preview=True)
        return EncodedCourseView(
            **msgspec.structs.asdict(detail.card),
            description=detail.description,
            outcomes=detail.outcomes,
            curriculum=_with_locks(
                detail.curriculum,
                previews=preview_access is None or not preview_access.opens,
                others=not access.opens,
            ),
            access=AccessView.of(access),
        )

    async def _asker(self, detail: CourseDetail, user_id: UserId | None, *, is_operator: bool) -> Asker:
        if user_id is None:
            return Asker(user_id=None)
        enrolled = await self.queries.enrolled(user_id, [detail.card.id], at=self.clock.now())
        return Asker(user_id=user_id, is_operator=is_operator, enrolled=enrolled.get(detail.card.id))


def _with_locks(curriculum: CurriculumJson, *, previews: bool, others: bool) -> msgspec.Raw:
    """The curriculum in which each lesson says as well whether it is locked; they differ by whether they are previews.

    No text can be taken for the end of a lesson: within one, quotes are escaped.
    """
    json: str = curriculum
    for preview, locked in (("true", previews), ("false", others)):
        said = f'"preview":{preview}'
        json = json.replace(f"{said}}}", f'{said},"locked":{"true" if locked else "false"}}}')
    return msgspec.Raw(json)
