"""Notes as they are shown: with the lesson they belong to, and whether its video changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kosu.modules.catalog import Catalog
from kosu.modules.learning.domain.notes import Note
from kosu.modules.learning.views import NoteView
from kosu.modules.media import Media


@dataclass(frozen=True, slots=True)
class NoteViews:
    catalog: Catalog
    media: Media

    async def __call__(self, notes: Sequence[Note]) -> list[NoteView]:
        """The views, in the same order. Notes of a lesson that left the curriculum keep its name and link."""
        lesson_ids = {note.lesson_id for note in notes}
        if not lesson_ids:
            return []
        lessons = await self.catalog.lessons(lesson_ids)
        published = await self.media.published(lesson_ids)
        return [
            NoteView.of(
                note,
                course_slug=lessons[note.lesson_id].course_slug,
                lesson_title=lessons[note.lesson_id].title,
                published_revision=published[note.lesson_id].revision if note.lesson_id in published else None,
            )
            for note in notes
        ]
