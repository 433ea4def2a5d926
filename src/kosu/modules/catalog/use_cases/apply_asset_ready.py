"""A lesson's video is ready: take over its duration."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import LessonId
from kosu.modules.catalog.ports import CatalogRecords
from kosu.modules.media import AssetReady
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class ApplyAssetReady:
    transaction: Transaction[CatalogRecords]
    clock: Clock

    async def __call__(self, event: AssetReady) -> None:
        """Reaction to AssetReady, idempotent: an older revision, or one seen before, changes nothing.

        Nor does a video without a lesson, or one whose lesson has left the curriculum meanwhile.
        """
        if event.lesson_id is None:
            return
        lesson_id = LessonId(event.lesson_id)
        async with self.transaction() as records:
            course = await records.courses.lock_with_lesson(lesson_id)
            if course is None:
                return
            changed = course.with_media(
                lesson_id, revision=event.revision, duration_ms=event.duration_ms, at=self.clock.now()
            )
            if changed != course:
                await records.courses.save(changed)
