"""learning in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kosu.adapters.memory.certificates import MemoryCertificates
from kosu.adapters.memory.database import MemoryDatabase, MemoryRecords, Workspace
from kosu.adapters.memory.outbox import MemoryOutbox
from kosu.adapters.memory.questions import MemoryAnswers, MemoryQuestions
from kosu.adapters.memory.reviews import MemoryCourseRatings, MemoryReviews
from kosu.ids import CourseId, LessonId, NoteId, UserId
from kosu.modules.learning.domain.access import Enrolled
from kosu.modules.learning.domain.enrolment import Enrolment
from kosu.modules.learning.domain.intervals import union
from kosu.modules.learning.domain.notes import Note
from kosu.modules.learning.domain.progress import Progress
from kosu.modules.learning.ports import (
    BY_CREATION,
    BY_ENROLMENT,
    BY_MOMENT,
    EnrolmentCount,
    EnrolmentEntry,
    GrantSourceTaken,
)
from kosu.paging import EPOCH, Cursor, microseconds, page_of

ENROLMENTS = "learning.enrolments"
COUNTS = "learning.enrolment_counts"
PROGRESS = "learning.progress"
NOTES = "learning.notes"


class MemoryEnrolments:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def lock(self, *, user_id: UserId, course_id: CourseId, at: datetime) -> Enrolment:
        empty = Enrolment(user_id=user_id, course_id=course_id, enrolled_at=at)
        found: Enrolment = self._workspace.table(ENROLMENTS).setdefault((user_id, course_id), empty)
        return found

    async def lock_by_source(self, *, source: str, source_id: UUID) -> Enrolment | None:
        return next((each for each in self._all() if (source, source_id) in _sources(each)), None)

    async def save(self, enrolment: Enrolment) -> None:
        key = (enrolment.user_id, enrolment.course_id)
        others = [each for each in self._all() if (each.user_id, each.course_id) != key]
        if any(_sources(each) & _sources(enrolment) for each in others):
            raise GrantSourceTaken
        self._workspace.table(ENROLMENTS)[key] = enrolment

    async def count_live(self, course_id: CourseId, *, at: datetime) -> int:
        return sum(each.course_id == course_id and each.is_live(at) for each in self._all())

    def _all(self) -> Iterable[Enrolment]:
        return self._workspace.table(ENROLMENTS).values()


class MemoryEnrolmentCounts:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def lock(self, course_id: CourseId, *, at: datetime) -> EnrolmentCount:
        found: EnrolmentCount = self._workspace.table(COUNTS).setdefault(course_id, EnrolmentCount(course_id, 0, at))
        return found

    async def save(self, count: EnrolmentCount) -> None:
        self._workspace.table(COUNTS)[count.course_id] = count


class MemoryProgressRecords:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def lock(
        self, lessons: Mapping[tuple[UserId, LessonId], CourseId]
    ) -> Mapping[tuple[UserId, LessonId], Progress]:
        table = self._workspace.table(PROGRESS)
        return {
            (user_id, lesson_id): table.setdefault(
                (user_id, lesson_id), Progress(user_id=user_id, lesson_id=lesson_id, course_id=course_id)
            )
            for (user_id, lesson_id), course_id in lessons.items()
        }

    async def remove_all(self, user_id: UserId) -> None:
        table = self._workspace.table(PROGRESS)
        for key in [key for key in table if key[0] == user_id]:
            del table[key]

    async def save(self, progresses: Collection[Progress]) -> None:
        table = self._workspace.table(PROGRESS)
        for progress in progresses:
            key = (progress.user_id, progress.lesson_id)
            completions = [at for at in (table[key].completed_at, progress.completed_at) if at is not None]
            table[key] = replace(
                progress,
                watched=union((*table[key].watched, *progress.watched)),
                completed_at=min(completions, default=None),
            )


class MemoryNotes:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def add(self, note: Note) -> None:
        self._workspace.table(NOTES)[note.id] = note

    save = add

    async def lock(self, note_id: NoteId, *, user_id: UserId) -> Note | None:
        note: Note | None = self._workspace.table(NOTES).get(note_id)
        return note if note is not None and note.user_id == user_id else None

    async def remove(self, note_id: NoteId, *, user_id: UserId) -> bool:
        if await self.lock(note_id, user_id=user_id) is None:
            return False
        del self._workspace.table(NOTES)[note_id]
        return True

    async def remove_all(self, user_id: UserId) -> None:
        table = self._workspace.table(NOTES)
        for note_id in [note.id for note in table.values() if note.user_id == user_id]:
            del table[note_id]


class MemoryLearningRecords(MemoryRecords):
    def __init__(self, workspace: Workspace, outbox: MemoryOutbox) -> None:
        super().__init__(workspace, outbox)
        self.enrolments = MemoryEnrolments(workspace)
        self.enrolment_counts = MemoryEnrolmentCounts(workspace)
        self.progress = MemoryProgressRecords(workspace)
        self.notes = MemoryNotes(workspace)
        self.certificates = MemoryCertificates(workspace)
        self.reviews = MemoryReviews(workspace, outbox)
        self.course_ratings = MemoryCourseRatings(workspace)
        self.questions = MemoryQuestions(workspace)
        self.answers = MemoryAnswers(workspace)


class MemoryLearningQueries:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def enrolled(
        self, user_id: UserId, course_ids: Collection[CourseId], *, at: datetime
    ) -> Mapping[CourseId, Enrolled]:
        return {
            enrolment.course_id: Enrolled(_expires_at(enrolment, at))
            for enrolment in self._live(user_id, at)
            if enrolment.course_id in course_ids
        }

    async def enrolments(
        self, user_id: UserId, *, at: datetime, before: Cursor | None, limit: int
    ) -> tuple[Sequence[EnrolmentEntry], Cursor | None]:
        entries = (
            EnrolmentEntry(enrolment.course_id, enrolment.enrolled_at, _expires_at(enrolment, at))
            for enrolment in self._live(user_id, at)
        )
        found = sorted(entries, key=lambda entry: _rank(_by_enrolment(entry)), reverse=True)
        if before is not None:
            found = [entry for entry in found if _rank(_by_enrolment(entry)) < _rank(before)]
        return page_of(found, limit, _by_enrolment)

    async def begun(
        self, user_id: UserId, *, at: datetime, first: Sequence[CourseId], limit: int
    ) -> Sequence[EnrolmentEntry]:
        touched: dict[CourseId, datetime] = {}
        progresses: Iterable[Progress] = self._database.table(PROGRESS).values()
        for progress in progresses:
            if progress.user_id == user_id and progress.touched_at is not None:
                touched[progress.course_id] = max(touched.get(progress.course_id, EPOCH), progress.touched_at)
        begun = [each for each in self._live(user_id, at) if each.course_id in touched or each.course_id in first]
        begun.sort(key=lambda each: (touched.get(each.course_id, EPOCH), each.course_id), reverse=True)
        places = {course_id: place for place, course_id in enumerate(first)}
        begun.sort(key=lambda each: places.get(each.course_id, len(places)))
        return [EnrolmentEntry(each.course_id, each.enrolled_at, _expires_at(each, at)) for each in begun[:limit]]

    async def progress(self, user_id: UserId, lesson_ids: Collection[LessonId]) -> Mapping[LessonId, Progress]:
        table = self._database.table(PROGRESS)
        return {lesson_id: table[user_id, lesson_id] for lesson_id in lesson_ids if (user_id, lesson_id) in table}

    async def note(self, user_id: UserId, note_id: NoteId) -> Note | None:
        return next((note for note in self._notes(user_id) if note.id == note_id), None)

    async def noted_lessons(
        self, user_id: UserId, *, course_id: CourseId | None
    ) -> Sequence[tuple[CourseId, LessonId]]:
        notes = self._notes(user_id)
        return sorted({(note.course_id, note.lesson_id) for note in notes if course_id in {None, note.course_id}})

    async def lesson_notes(
        self, user_id: UserId, lesson_id: LessonId, *, after: Cursor | None, limit: int
    ) -> tuple[Sequence[Note], Cursor | None]:
        found = sorted(
            (note for note in self._notes(user_id) if note.lesson_id == lesson_id),
            key=lambda note: _rank(_by_moment(note)),
        )
        if after is not None:
            found = [note for note in found if _rank(_by_moment(note)) > _rank(after)]
        return page_of(found, limit, _by_moment)

    async def notes(
        self, user_id: UserId, *, course_id: CourseId | None, words: Sequence[str], before: Cursor | None, limit: int
    ) -> tuple[Sequence[Note], Cursor | None]:
        found = sorted(
            (
                note
                for note in self._notes(user_id)
                if course_id in {None, note.course_id}
                and all(word.casefold() in note.body.casefold() for word in words)
            ),
            key=lambda note: _rank(_by_creation(note)),
            reverse=True,
        )
        if before is not None:
            found = [note for note in found if _rank(_by_creation(note)) < _rank(before)]
        return page_of(found, limit, _by_creation)

    def _live(self, user_id: UserId, at: datetime) -> list[Enrolment]:
        enrolments: Iterable[Enrolment] = self._database.table(ENROLMENTS).values()
        return [enrolment for enrolment in enrolments if enrolment.user_id == user_id and enrolment.is_live(at)]

    def _notes(self, user_id: UserId) -> list[Note]:
        notes: Iterable[Note] = self._database.table(NOTES).values()
        return [note for note in notes if note.user_id == user_id]


def _sources(enrolment: Enrolment) -> set[tuple[str, UUID]]:
    return {(grant.source, grant.source_id) for grant in enrolment.grants}


def _expires_at(enrolment: Enrolment, at: datetime) -> datetime | None:
    """When the longest live grant ends; None as soon as one does not end by itself."""
    ends = [grant.expires_at for grant in enrolment.grants if grant.is_live(at)]
    return None if None in ends else max(end for end in ends if end is not None)


def _by_enrolment(entry: EnrolmentEntry) -> Cursor:
    return Cursor(BY_ENROLMENT, entry.course_id, microseconds(entry.enrolled_at))


def _by_moment(note: Note) -> Cursor:
    return Cursor(BY_MOMENT, note.id, note.at_ms)


def _by_creation(note: Note) -> Cursor:
    return Cursor(BY_CREATION, note.id, microseconds(note.created_at))


def _rank(cursor: Cursor) -> tuple[int, UUID]:
    return cursor.value, cursor.id
