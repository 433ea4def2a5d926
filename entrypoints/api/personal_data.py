"""All that Kosu keeps about a person, gathered from the modules that keep it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import msgspec

from kosu.container import Container
from kosu.ids import CourseId, ReviewId
from kosu.modules.billing.views import OrderSummary
from kosu.modules.catalog.views import StudioCard
from kosu.modules.identity import Viewer
from kosu.modules.identity.domain.audit import Origin
from kosu.modules.identity.notification_views import NotificationSettings
from kosu.modules.identity.views import AccountExport
from kosu.modules.learning.certificate_views import OwnCertificate
from kosu.modules.learning.question_views import OwnAnswerView, QuestionView
from kosu.modules.learning.review_views import OwnReviewView
from kosu.modules.learning.views import EnrolmentView, NoteView
from kosu.paging import BY_ID, Cursor

T = TypeVar("T")

PAGE = 100


class Export(msgspec.Struct, frozen=True):
    """By module. `enrolments` tell how far the person is in each course, `courses` are those that they teach.

    `questions` and `answers` are the person's own words alone; `helpful_votes` are reviews of others.
    """

    identity: AccountExport
    notifications: NotificationSettings
    enrolments: list[EnrolmentView]
    notes: list[NoteView]
    certificates: list[OwnCertificate]
    reviews: list[OwnReviewView]
    helpful_votes: list[ReviewId]
    questions: list[QuestionView]
    answers: list[OwnAnswerView]
    orders: list[OrderSummary]
    courses: list[StudioCard]


class _Page(Protocol[T]):
    @property
    def items(self) -> list[T]: ...

    @property
    def next_cursor(self) -> str | None: ...


async def export_of(container: Container, viewer: Viewer, origin: Origin) -> Export:
    """Source: GDPR, articles 15 and 20."""
    user_id, learning = viewer.user_id, container.learning
    orders, courses = container.billing.queries().orders, container.catalog.queries().studio_courses
    list_enrolments, search_notes = learning.list_enrolments(), learning.search_notes()
    list_certificates, muted = learning.list_certificates(), container.identity.notification_book().muted
    list_reviews, list_questions = learning.list_own_reviews(), learning.list_own_questions()
    list_answers = learning.list_own_answers()
    return Export(
        identity=await container.identity.export_account()(viewer=viewer, origin=origin),
        notifications=NotificationSettings.of(await muted(user_id)),
        enrolments=await _all(lambda cursor: list_enrolments(user_id=user_id, cursor=cursor, limit=PAGE)),
        notes=await _all(
            lambda cursor: search_notes(user_id=user_id, course_slug=None, q=None, cursor=cursor, limit=PAGE)
        ),
        certificates=await _all(lambda cursor: list_certificates(user_id=user_id, cursor=cursor, limit=PAGE)),
        reviews=await _all(lambda cursor: list_reviews(user_id=user_id, cursor=cursor, limit=PAGE)),
        helpful_votes=list(await learning.review_queries().votes_by(user_id)),
        questions=await _all(lambda cursor: list_questions(user_id=user_id, cursor=cursor, limit=PAGE)),
        answers=await _all(lambda cursor: list_answers(user_id=user_id, cursor=cursor, limit=PAGE)),
        orders=await _all(lambda cursor: orders(user_id, before=_before(cursor), limit=PAGE)),
        courses=await _all(lambda cursor: courses(user_id, before=_before(cursor), limit=PAGE)),
    )


async def _all(page_at: Callable[[str | None], Awaitable[_Page[T]]]) -> list[T]:
    """The entries of all pages."""
    page = await page_at(None)
    entries = list(page.items)
    while page.next_cursor is not None:
        page = await page_at(page.next_cursor)
        entries += page.items
    return entries


def _before(cursor: str | None) -> CourseId | None:
    return None if cursor is None else CourseId(Cursor.decode(cursor, sort=BY_ID).id)
