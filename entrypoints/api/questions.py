"""/api/v1: questions about lessons, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from msgspec import UNSET, UnsetType

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Learning
from entrypoints.api.lists import Limit, QueryText
from kosu.ids import AnswerId, LessonId, QuestionId
from kosu.modules.identity.domain.viewer import INSTRUCTOR
from kosu.modules.learning.question_ports import QuestionSort
from kosu.modules.learning.question_views import AnswerPage, AnswerView, QuestionPage, QuestionView

if TYPE_CHECKING:
    from kosu.modules.learning.domain.questions import QuestionChanges

# `state` is a name that Litestar keeps for itself.
StateQuery = Annotated[Literal["unanswered", "all"], QueryParameter(name="state")]


class NewQuestion(msgspec.Struct, frozen=True):
    """Markdown; `at_ms` is a moment of the lesson's video."""

    body: str
    title: str = ""
    at_ms: int | None = None


class QuestionEdit(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is left out stays as it is; an `at_ms` of null takes the question off the video."""

    title: str | UnsetType = UNSET
    body: str | UnsetType = UNSET
    at_ms: int | UnsetType | None = UNSET

    def changes(self) -> QuestionChanges:
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in given.items() if value is not UNSET}  # type: ignore[return-value]


class AnswerText(msgspec.Struct, frozen=True):
    """Markdown."""

    body: str


class Acceptance(msgspec.Struct, frozen=True):
    """Null takes the mark away."""

    answer_id: AnswerId | None


class QuestionController(Controller):
    path = "/api/v1"
    tags = ("learning",)

    @get("/lessons/{lesson_id:uuid}/questions", operation_id="listQuestions")
    async def questions(
        self,
        *,
        lesson_id: FromPath[UUID],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
        sort: FromQuery[QuestionSort] = "newest",
        limit: Limit = 20,
        cursor: QueryText = None,
    ) -> QuestionPage:
        """Of a lesson that opens, the newest first or by their moments, each with its first answers."""
        viewer = request.user
        return await learning.read_questions()(
            user_id=viewer.user_id,
            is_operator=viewer.is_operator,
            lesson_id=LessonId(lesson_id),
            sort=sort,
            cursor=cursor,
            limit=limit,
        )

    @post("/lessons/{lesson_id:uuid}/questions", operation_id="askQuestion")
    async def ask(
        self,
        lesson_id: FromPath[UUID],
        data: JSONBody[NewQuestion],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> QuestionView:
        viewer = request.user
        return await learning.ask_question()(
            user_id=viewer.user_id,
            is_operator=viewer.is_operator,
            lesson_id=LessonId(lesson_id),
            title=data.title,
            body=data.body,
            at_ms=data.at_ms,
        )

    @get("/questions/{question_id:uuid}", operation_id="getQuestion")
    async def question(
        self, question_id: FromPath[UUID], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> QuestionView:
        viewer = request.user
        return await learning.read_question()(
            user_id=viewer.user_id, is_operator=viewer.is_operator, question_id=QuestionId(question_id)
        )

    @patch("/questions/{question_id:uuid}", operation_id="editQuestion")
    async def edit(
        self,
        question_id: FromPath[UUID],
        data: JSONBody[QuestionEdit],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> QuestionView:
        """One's own."""
        viewer = request.user
        return await learning.edit_question()(
            user_id=viewer.user_id,
            is_operator=viewer.is_operator,
            question_id=QuestionId(question_id),
            changes=data.changes(),
        )

    @delete("/questions/{question_id:uuid}", operation_id="removeQuestion", status_code=HTTP_204_NO_CONTENT)
    async def remove(
        self, question_id: FromPath[UUID], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> None:
        """One's own, unless others have answered it."""
        await learning.remove_question()(user_id=request.user.user_id, question_id=QuestionId(question_id))

    @get("/questions/{question_id:uuid}/answers", operation_id="listAnswers")
    async def answers(
        self,
        *,
        question_id: FromPath[UUID],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
        limit: Limit = 20,
        cursor: QueryText = None,
    ) -> AnswerPage:
        """All answers, the oldest first."""
        viewer = request.user
        return await learning.read_answers()(
            user_id=viewer.user_id,
            is_operator=viewer.is_operator,
            question_id=QuestionId(question_id),
            cursor=cursor,
            limit=limit,
        )

    @post("/questions/{question_id:uuid}/answers", operation_id="answerQuestion")
    async def answer(
        self,
        question_id: FromPath[UUID],
        data: JSONBody[AnswerText],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> AnswerView:
        viewer = request.user
        return await learning.answer_question()(
            user_id=viewer.user_id,
            is_operator=viewer.is_operator,
            question_id=QuestionId(question_id),
            body=data.body,
        )

    @post("/questions/{question_id:uuid}/accept", operation_id="acceptAnswer", status_code=HTTP_200_OK)
    async def accept(
        self,
        question_id: FromPath[UUID],
        data: JSONBody[Acceptance],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> QuestionView:
        """By who asked, or who teaches the course."""
        viewer = request.user
        return await learning.accept_answer()(
            user_id=viewer.user_id,
            is_operator=viewer.is_operator,
            question_id=QuestionId(question_id),
            answer_id=data.answer_id,
        )

    @patch("/answers/{answer_id:uuid}", operation_id="editAnswer")
    async def edit_answer(
        self,
        answer_id: FromPath[UUID],
        data: JSONBody[AnswerText],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> AnswerView:
        """One's own."""
        viewer = request.user
        return await learning.edit_answer()(
            user_id=viewer.user_id, is_operator=viewer.is_operator, answer_id=AnswerId(answer_id), body=data.body
        )

    @delete("/answers/{answer_id:uuid}", operation_id="removeAnswer", status_code=HTTP_204_NO_CONTENT)
    async def remove_answer(
        self, answer_id: FromPath[UUID], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> None:
        """One's own."""
        await learning.remove_answer()(user_id=request.user.user_id, answer_id=AnswerId(answer_id))

    @get("/studio/questions", operation_id="listStudioQuestions", tags=("studio",))
    async def studio_questions(
        self,
        *,
        request: SignedInRequest,
        learning: NamedDependency[Learning],
        in_state: StateQuery = "all",
        course: QueryText = None,
        limit: Limit = 20,
        cursor: QueryText = None,
    ) -> QuestionPage:
        """About one's own courses, or one of them by its slug, the newest first; unanswered: nobody but the asker."""
        request.user.require(INSTRUCTOR)
        return await learning.list_instructor_questions()(
            user_id=request.user.user_id,
            course_slug=course,
            unanswered=in_state == "unanswered",
            cursor=cursor,
            limit=limit,
        )
