"""Mark a lesson as complete."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import LessonId, UserId
from kosu.modules.learning.access import LessonAccess
from kosu.modules.learning.ports import LearningRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class CompleteLesson:
    transaction: Transaction[LearningRecords]
    access: LessonAccess
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, lesson_id: LessonId) -> None:
        """Of either kind, once and for ever; marking again changes nothing.

        Raises:
            LessonNotFound, PurchaseRequired
        """
        lesson = await self.access.open(lesson_id, user_id=user_id, is_operator=is_operator)
        key = (user_id, lesson_id)
        async with self.transaction() as records:
            progress = (await records.progress.lock({key: lesson.course_id}))[key]
            await records.progress.save([progress.completed(at=self.clock.now())])
