"""Mark a lesson as complete."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import LessonId, UserId
from kosu.modules.learning.access import LessonAccess
from kosu.modules.learning.current_progress import CurrentProgress
from kosu.modules.learning.ports import LearningRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class CompleteLesson:
    transaction: Transaction[LearningRecords]
    access: LessonAccess
    current_progress: CurrentProgress
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, lesson_id: LessonId) -> None:
        """Of either kind, once and for ever; marking again changes nothing.

        A video that was watched to its end is complete since then, even while the buffer alone knows of it.

        Raises:
            LessonNotFound, PurchaseRequired
        """
        lesson = await self.access.open(lesson_id, user_id=user_id, is_operator=is_operator)
        current = (await self.current_progress(user_id, [lesson_id])).get(lesson_id)
        completed_at = None if current is None else current.completed_at
        key = (user_id, lesson_id)
        async with self.transaction() as records:
            progress = (await records.progress.lock({key: lesson.course_id}))[key]
            await records.progress.save([progress.completed(at=completed_at or self.clock.now())])
