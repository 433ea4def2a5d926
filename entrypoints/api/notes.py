"""/api/v1: notes at a moment of a lesson."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_204_NO_CONTENT

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Learning
from entrypoints.api.lists import Limit, QueryText
from kosu.ids import LessonId, NoteId
from kosu.modules.learning.views import NotePage, NoteView


class NewNote(msgspec.Struct, frozen=True):
    """Markdown; without a revision it is of the video that plays now."""

    at_ms: int
    body: str
    media_revision: int | None = None


class NoteEdit(msgspec.Struct, frozen=True):
    """What is left out stays as it is."""

    body: str | None = None
    at_ms: int | None = None


class NotesController(Controller):
    path = "/api/v1"
    tags = ("learning",)

    @get("/lessons/{lesson_id:uuid}/notes", operation_id="listLessonNotes")
    async def lesson_notes(
        self,
        lesson_id: FromPath[UUID],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
        limit: Limit = 20,
        cursor: QueryText = None,
    ) -> NotePage:
        """One's own notes, by their moments."""
        return await learning.read_lesson_notes()(
            user_id=request.user.user_id, lesson_id=LessonId(lesson_id), cursor=cursor, limit=limit
        )

    @post("/lessons/{lesson_id:uuid}/notes", operation_id="writeNote")
    async def write(
        self,
        lesson_id: FromPath[UUID],
        data: JSONBody[NewNote],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> NoteView:
        viewer = request.user
        return await learning.write_note()(
            user_id=viewer.user_id,
            is_operator=viewer.is_operator,
            lesson_id=LessonId(lesson_id),
            at_ms=data.at_ms,
            body=data.body,
            media_revision=data.media_revision,
        )

    @patch("/notes/{note_id:uuid}", operation_id="editNote")
    async def edit(
        self,
        note_id: FromPath[UUID],
        data: JSONBody[NoteEdit],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> NoteView:
        return await learning.edit_note()(
            user_id=request.user.user_id, note_id=NoteId(note_id), body=data.body, at_ms=data.at_ms
        )

    @delete("/notes/{note_id:uuid}", operation_id="removeNote", status_code=HTTP_204_NO_CONTENT)
    async def remove(
        self, note_id: FromPath[UUID], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> None:
        await learning.remove_note()(user_id=request.user.user_id, note_id=NoteId(note_id))

    @get("/me/notes", operation_id="listMyNotes")
    async def notes(
        self,
        *,
        request: SignedInRequest,
        learning: NamedDependency[Learning],
        course: QueryText = None,
        q: QueryText = None,
        limit: Limit = 20,
        cursor: QueryText = None,
    ) -> NotePage:
        """One's own notes, the newest first; of one course by its slug, and with every word of `q`."""
        return await learning.search_notes()(
            user_id=request.user.user_id, course_slug=course, q=q, cursor=cursor, limit=limit
        )
