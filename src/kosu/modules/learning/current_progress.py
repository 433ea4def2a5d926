"""A learner's progress as of now: the records, with what still waits in the buffer folded over them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kosu.ids import LessonId, UserId
from kosu.modules.learning.domain.progress import Progress, fold
from kosu.modules.learning.ports import LearningQueries, Pending, ProgressBuffer, ProgressBufferUnavailable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CurrentProgress:
    queries: LearningQueries
    buffer: ProgressBuffer

    async def __call__(
        self,
        user_id: UserId,
        lesson_ids: Collection[LessonId],
        *,
        pending: Mapping[LessonId, Pending] | None = None,
    ) -> Mapping[LessonId, Progress]:
        """Progress by lesson; lessons that the learner never touched are left out.

        `pending` is what the buffer holds, if it has been looked at already.
        """
        if not lesson_ids:
            return {}
        # The buffer first: a flush in between leaves its beats in both, which folds to the same.
        if pending is None:
            pending = await self.pending(user_id)
        current = dict(await self.queries.progress(user_id, lesson_ids))
        for lesson_id in pending.keys() & set(lesson_ids):
            viewing = pending[lesson_id].viewing
            before = current.get(lesson_id) or Progress(
                user_id=user_id, lesson_id=lesson_id, course_id=viewing.course_id
            )
            current[lesson_id] = fold(before, pending[lesson_id].beats, duration_ms=viewing.duration_ms)
        return current

    async def pending(self, user_id: UserId) -> Mapping[LessonId, Pending]:
        """What the buffer holds of the learner.

        While it is away, nothing of that is seen: answers are at most one flush interval old.
        """
        try:
            return await self.buffer.pending(user_id)
        except ProgressBufferUnavailable as error:
            log.warning("learning: progress is read without the buffer: %s", error)
            return {}
