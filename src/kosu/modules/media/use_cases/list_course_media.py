"""What the videos of a course are at: for its instructor, who comes back to uploads and encodes of some time ago."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import CourseId, UserId
from kosu.modules.media.jobs import ProcessRun
from kosu.modules.media.ports import LessonAuthors, MediaQueries
from kosu.modules.media.views import CourseMediaView, asset_view, lesson_media_view
from kosu.ports.clock import Clock
from kosu.ports.workers import Workers


@dataclass(frozen=True, slots=True)
class ListCourseMedia:
    queries: MediaQueries
    lesson_authors: LessonAuthors
    workers: Workers
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, course_id: CourseId) -> CourseMediaView:
        """Raises CourseNotFound, NotCourseOwner."""
        lesson_ids = await self.lesson_authors.video_lessons(course_id, user_id=user_id, is_operator=is_operator)
        found = await self.queries.lesson_assets(lesson_ids)
        at = self.clock.now()
        waits = any(lesson.snapshot.waits(at) for lesson in found.values())
        # Asked only where it matters, and once for all.
        is_online = await self.workers.are_online(ProcessRun.queue) if waits else None
        return CourseMediaView(
            tuple(
                lesson_media_view(
                    lesson_id,
                    lesson.snapshot,
                    lesson.languages,
                    asset_view(lesson.snapshot, at, worker_online=is_online),
                )
                for lesson_id in lesson_ids
                if (lesson := found.get(lesson_id)) is not None
            )
        )
