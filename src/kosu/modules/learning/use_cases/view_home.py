"""The home page: what everybody finds there, and above it what a learner has begun."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import UserId
from kosu.modules.catalog import Catalog
from kosu.modules.learning.current_progress import CurrentProgress
from kosu.modules.learning.enrolled_courses import EnrolledCourses
from kosu.modules.learning.home_views import ContinueRow, HomeView
from kosu.modules.learning.ports import LearningQueries
from kosu.modules.learning.views import EnrolmentView
from kosu.ports.clock import Clock

ROW_SIZE = 12


@dataclass(frozen=True, slots=True)
class ViewHome:
    catalog: Catalog
    queries: LearningQueries
    current_progress: CurrentProgress
    enrolled_courses: EnrolledCourses
    clock: Clock

    async def __call__(self, *, user_id: UserId | None) -> HomeView:
        """The same for all who are not signed in, or have begun nothing."""
        home = await self.catalog.home(row_size=ROW_SIZE)
        begun = [] if user_id is None else await self._begun(user_id)
        return HomeView([*([ContinueRow(items=begun)] if begun else []), *home.rows])

    async def _begun(self, user_id: UserId) -> list[EnrolmentView]:
        # What still waits in the buffer was touched in the last seconds, and the records do not know of it.
        pending = await self.current_progress.pending(user_id)
        waiting = sorted(pending.values(), key=lambda each: max(beat.at for beat in each.beats), reverse=True)
        first = list(dict.fromkeys(each.viewing.course_id for each in waiting))
        entries = await self.queries.begun(user_id, at=self.clock.now(), first=first, limit=ROW_SIZE)
        return await self.enrolled_courses(user_id, entries, pending=pending) if entries else []
