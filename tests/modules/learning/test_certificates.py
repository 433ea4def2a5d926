"""Who gets a certificate, what it says, and what it outlives."""

from __future__ import annotations

import pytest

from kosu.ids import LessonId
from kosu.modules.catalog.domain.course import Course
from kosu.modules.identity import AccountErased, Origin
from kosu.modules.identity.domain.audit import Action
from kosu.modules.learning.certificate_errors import (
    CertificateNotFound,
    CertificateRevoked,
    CourseIncomplete,
)
from kosu.modules.learning.certificate_views import CertificateView
from kosu.modules.learning.errors import CourseNotFound, NotEnrolled
from kosu.modules.learning.jobs import FlushProgress
from kosu.modules.learning.use_cases.issue_certificate import IssuedCertificate
from kosu.ports.messages import name_of
from tests.support.catalog import INSTRUCTOR, OPERATOR
from tests.support.learning import LEARNER, OTHER_LEARNER, LearningInMemory


@pytest.fixture
async def school() -> LearningInMemory:
    school = LearningInMemory()
    await school.account(display_name="김하늘", locale="ko")
    await school.account(INSTRUCTOR, display_name="Ines")
    return school


async def a_course(school: LearningInMemory) -> Course:
    """A video and a text, and LEARNER is enrolled."""
    course = await school.catalog.course(lessons=[("video", False), ("text", False)])
    await school.enrol(course)
    return course


async def complete(school: LearningInMemory, lesson_id: LessonId) -> None:
    await school.container.complete_lesson()(user_id=LEARNER, is_operator=False, lesson_id=lesson_id)


async def completed(school: LearningInMemory) -> Course:
    course = await a_course(school)
    for lesson in course.lessons:
        school.clock.advance(hours=1)
        await complete(school, lesson.id)
    return course


async def issue(school: LearningInMemory, course: Course) -> IssuedCertificate:
    issued: IssuedCertificate = await school.container.issue_certificate()(user_id=LEARNER, slug=course.slug)
    return issued


async def read(school: LearningInMemory, code: str) -> CertificateView:
    view: CertificateView = await school.container.read_certificate()(code=code)
    return view


async def test_a_certificate_says_what_was_learned(school: LearningInMemory) -> None:
    course = await completed(school)
    completed_at = school.clock.now()
    school.clock.advance(days=1)
    issued = await issue(school, course)
    view = issued.view
    assert issued.is_new
    assert (view.learner_name, view.instructor_name, view.language) == ("김하늘", "Ines", "ko")
    assert (view.course_title, view.lesson_count, view.duration_ms) == ("Data by demonstration", 2, 100_000)
    assert (view.completed_at, view.issued_at) == (completed_at, school.clock.now())
    assert view.url == f"https://kosu.test/certificates/{view.code}"
    assert await read(school, view.code.lower().replace("-", "")) == view
    assert school.events()[-1] == "learning.CertificateIssued"


async def test_there_is_one_certificate_for_a_learner_and_a_course(school: LearningInMemory) -> None:
    course = await completed(school)
    first = await issue(school, course)
    school.clock.advance(days=1)
    again = await issue(school, course)
    assert (again.view, again.is_new) == (first.view, False)
    assert school.events().count("learning.CertificateIssued") == 1


async def test_what_is_missing_is_named(school: LearningInMemory) -> None:
    course = await a_course(school)
    await school.watch(course.lessons[0].id, (0, 50_000))
    with pytest.raises(CourseIncomplete) as refusal:
        await issue(school, course)
    assert refusal.value.percent == 25
    assert [lesson.id for lesson in refusal.value.missing] == [lesson.id for lesson in course.lessons]  # type: ignore[attr-defined]


async def test_a_course_without_lessons_certifies_nothing(school: LearningInMemory) -> None:
    course = await school.catalog.create()
    await school.enrol(course)
    with pytest.raises(CourseIncomplete) as refusal:
        await issue(school, course)
    assert (refusal.value.percent, refusal.value.missing) == (0, [])


async def test_what_waits_in_the_buffer_counts(school: LearningInMemory) -> None:
    course = await a_course(school)
    await complete(school, course.lessons[1].id)
    await school.watch(course.lessons[0].id, (0, 95_000))
    assert name_of(FlushProgress) not in school.events()
    assert (await issue(school, course)).view.completed_at == school.clock.now()


async def test_a_lesson_that_is_added_before_it_is_issued_has_to_be_learned(school: LearningInMemory) -> None:
    course = await completed(school)
    added = await school.catalog.lesson(course, course.sections[0], kind="text")
    with pytest.raises(CourseIncomplete) as refusal:
        await issue(school, course)
    assert [lesson.id for lesson in refusal.value.missing] == [added.id]  # type: ignore[attr-defined]
    await complete(school, added.id)
    assert (await issue(school, course)).view.lesson_count == 3


async def test_a_certificate_outlives_what_becomes_of_the_course(school: LearningInMemory) -> None:
    """Lessons, the title, the learner's name, and access itself."""
    course = await completed(school)
    first = (await issue(school, course)).view
    await school.catalog.lesson(course, course.sections[0], kind="text")
    await school.catalog.container.edit_course()(
        user_id=INSTRUCTOR, is_operator=False, course_id=course.id, changes={"title": "Something else"}
    )
    await school.account(display_name="Somebody else")
    await school.revoke(await school.enrol(course))
    assert await read(school, first.code) == first
    assert (await issue(school, course)).view == first


async def test_only_learners_of_the_course_are_certified(school: LearningInMemory) -> None:
    course = await school.catalog.course(lessons=[("text", False)])
    with pytest.raises(NotEnrolled):
        await issue(school, course)
    with pytest.raises(NotEnrolled):
        await school.container.issue_certificate()(user_id=INSTRUCTOR, slug=course.slug)


async def test_a_draft_does_not_exist_for_others(school: LearningInMemory) -> None:
    draft = await school.catalog.create()
    with pytest.raises(CourseNotFound):
        await issue(school, draft)
    with pytest.raises(CourseNotFound):
        await school.container.issue_certificate()(user_id=LEARNER, slug="nowhere")


async def test_an_operator_takes_a_certificate_back_for_good(school: LearningInMemory) -> None:
    course = await completed(school)
    code = (await issue(school, course)).view.code
    origin = Origin(actor_id=OPERATOR)
    for reason in ("Somebody else watched", "Another reason"):
        revoked = await school.container.revoke_certificate()(code=code, reason=reason, origin=origin)
        school.clock.advance(days=1)
    assert revoked.revocation_reason == "Somebody else watched"
    public = await read(school, code)
    assert public.revoked_at == revoked.revoked_at is not None
    assert "reason" not in " ".join(public.__struct_fields__)
    with pytest.raises(CertificateRevoked):
        await school.container.print_certificate()(code=code)
    # Learning on does not bring it back.
    assert (await issue(school, course)).view == public
    entries = [
        entry
        for entry in school.database.table("identity.audit_log").values()
        if entry.action is Action.CERTIFICATE_REVOKED
    ]
    assert [(entry.user_id, entry.origin.actor_id, entry.detail["code"]) for entry in entries] == [
        (LEARNER, OPERATOR, code)
    ]


async def test_an_unknown_code_is_not_found(school: LearningInMemory) -> None:
    course = await completed(school)
    code = (await issue(school, course)).view.code
    await school.container.erase_learner()(AccountErased(user_id=LEARNER))
    for ask in (school.container.read_certificate(), school.container.print_certificate()):
        with pytest.raises(CertificateNotFound):
            await ask(code=code)
    with pytest.raises(CertificateNotFound):
        await school.container.revoke_certificate()(code=code, reason="x", origin=Origin())


async def test_an_erased_instructor_is_named_no_more(school: LearningInMemory) -> None:
    course = await completed(school)
    code = (await issue(school, course)).view.code
    await school.container.erase_learner()(AccountErased(user_id=INSTRUCTOR))
    assert ((await read(school, code)).instructor_name, (await read(school, code)).learner_name) == ("", "김하늘")


async def test_certificates_are_listed_to_their_learner(school: LearningInMemory) -> None:
    codes = [(await issue(school, await completed(school))).view.code for _ in range(3)]
    seen, cursor = [], None
    while True:
        page = await school.container.list_certificates()(user_id=LEARNER, cursor=cursor, limit=2)
        seen += [entry.code for entry in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == codes[::-1]
    assert (await school.container.list_certificates()(user_id=OTHER_LEARNER, cursor=None, limit=2)).items == []
