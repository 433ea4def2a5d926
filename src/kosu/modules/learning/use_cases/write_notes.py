"""Write, change and remove notes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kosu.ids import LessonId, NoteId, UserId
from kosu.modules.learning.access import LessonAccess
from kosu.modules.learning.annotated import NoteViews
from kosu.modules.learning.domain.notes import Note
from kosu.modules.learning.errors import InvalidNote, NoteChanged, NoteNotFound
from kosu.modules.learning.ports import LearningRecords
from kosu.modules.learning.views import NoteView
from kosu.modules.media import Media
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class WriteNote:
    transaction: Transaction[LearningRecords]
    access: LessonAccess
    media: Media
    note_views: NoteViews
    clock: Clock
    ids: IdSource

    async def __call__(
        self,
        *,
        user_id: UserId,
        is_operator: bool,
        lesson_id: LessonId,
        at_ms: int,
        body: str,
        media_revision: int | None,
    ) -> NoteView:
        """A note at a moment of the lesson; without a revision it is of the video that plays now.

        Raises:
            LessonNotFound, PurchaseRequired, InvalidNote
        """
        lesson = await self.access.open(lesson_id, user_id=user_id, is_operator=is_operator)
        if lesson.duration_ms is not None and at_ms > lesson.duration_ms:
            raise InvalidNote("The moment lies behind the end of the video.", field="at_ms")
        if media_revision is None:
            published = (await self.media.published([lesson_id])).get(lesson_id)
            media_revision = 0 if published is None else published.revision
        at = self.clock.now()
        note = Note(
            id=NoteId(self.ids.new()),
            user_id=user_id,
            course_id=lesson.course_id,
            lesson_id=lesson_id,
            at_ms=at_ms,
            body=body,
            media_revision=media_revision,
            created_at=at,
            updated_at=at,
        )
        async with self.transaction() as records:
            await records.notes.add(note)
        return (await self.note_views([note]))[0]


@dataclass(frozen=True, slots=True)
class EditNote:
    transaction: Transaction[LearningRecords]
    note_views: NoteViews
    clock: Clock

    async def __call__(
        self,
        *,
        user_id: UserId,
        note_id: NoteId,
        body: str | None = None,
        at_ms: int | None = None,
        versions: Collection[int] | None = None,
    ) -> NoteView:
        """Change what is given of the learner's own note, if it is one of these versions, and leave the rest.

        Without versions the last one who writes wins: whoever names none says that they have not read the note. A note
        that says already what is asked for is answered as it is, whatever its version: an autosave whose answer was
        lost is sent again, and must not take its own edit for somebody else's.

        Raises:
            NoteNotFound, InvalidNote
            NoteChanged: it is another version now; nothing was changed.
        """
        async with self.transaction() as records:
            note = await records.notes.lock(note_id, user_id=user_id)
            if note is None:
                raise NoteNotFound
            edited = note.edited(body=body, at_ms=at_ms, at=self.clock.now())
            is_expected = versions is None or note.version in versions
            if is_expected and edited != note:
                await records.notes.save(edited)
        if edited == note or is_expected:
            return (await self.note_views([edited]))[0]
        raise NoteChanged((await self.note_views([note]))[0])


@dataclass(frozen=True, slots=True)
class RemoveNote:
    transaction: Transaction[LearningRecords]
    note_views: NoteViews

    async def __call__(self, *, user_id: UserId, note_id: NoteId, versions: Collection[int] | None = None) -> None:
        """Remove the learner's own note, if it is one of these versions.

        Raises:
            NoteNotFound: there is none, or it is somebody else's.
            NoteChanged: it is another version now, and stays.
        """
        async with self.transaction() as records:
            note = await records.notes.lock(note_id, user_id=user_id)
            if note is None:
                raise NoteNotFound
            if versions is None or note.version in versions:
                await records.notes.remove(note_id, user_id=user_id)
                return
        raise NoteChanged((await self.note_views([note]))[0])
