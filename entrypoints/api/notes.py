"""/api/v1: notes at a moment of a lesson."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Stream
from litestar.status_codes import HTTP_201_CREATED, HTTP_204_NO_CONTENT

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.conditional import versioned, versions_of
from entrypoints.api.dependencies import Learning
from entrypoints.api.lists import Limit, QueryText
from kosu.ids import LessonId, NoteId
from kosu.modules.learning.views import NotePage, NoteView

FormatQuery = Annotated[Literal["markdown"], QueryParameter(name="format")]


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
    ) -> Response[NoteView]:
        viewer = request.user
        note = await learning.write_note()(
            user_id=viewer.user_id,
            is_operator=viewer.is_operator,
            lesson_id=LessonId(lesson_id),
            at_ms=data.at_ms,
            body=data.body,
            media_revision=data.media_revision,
        )
        return versioned(note, note.version, status_code=HTTP_201_CREATED)

    @get("/notes/{note_id:uuid}", operation_id="getNote")
    async def note(
        self, note_id: FromPath[UUID], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> Response[NoteView]:
        """One's own, with the ETag that a change names in If-Match."""
        note = await learning.read_note()(user_id=request.user.user_id, note_id=NoteId(note_id))
        return versioned(note, note.version)

    @patch("/notes/{note_id:uuid}", operation_id="editNote")
    async def edit(
        self,
        note_id: FromPath[UUID],
        data: JSONBody[NoteEdit],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> Response[NoteView]:
        """With If-Match, 412 `note_changed` and the present `note` where another tab was faster; without, as asked."""
        note = await learning.edit_note()(
            user_id=request.user.user_id,
            note_id=NoteId(note_id),
            body=data.body,
            at_ms=data.at_ms,
            versions=versions_of(request),
        )
        return versioned(note, note.version)

    @delete("/notes/{note_id:uuid}", operation_id="removeNote", status_code=HTTP_204_NO_CONTENT)
    async def remove(
        self, note_id: FromPath[UUID], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> None:
        """With If-Match, 412 `note_changed` and the present `note` where it is another version."""
        await learning.remove_note()(
            user_id=request.user.user_id, note_id=NoteId(note_id), versions=versions_of(request)
        )

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

    @get("/me/notes/export", operation_id="exportMyNotes", media_type="text/markdown")
    async def export(
        self,
        *,
        request: SignedInRequest,
        learning: NamedDependency[Learning],
        course: QueryText = None,
        export_format: FormatQuery = "markdown",  # noqa: ARG002 - the only one there is
    ) -> Stream:
        """One's own notes as a document, by course, lesson and moment; of one course by its slug."""
        document = await learning.export_notes()(user_id=request.user.user_id, course_slug=course)
        # A slug is of letters, digits and hyphens once its course was found.
        name = "notes" if course is None else f"notes-{course}"
        return Stream(
            document,
            media_type="text/markdown; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}.md"', "Cache-Control": "private, no-store"},
        )
