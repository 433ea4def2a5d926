"""The courses of the demo, made as instructors make them, and the shelves that operators put them on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import TypedDict

from entrypoints.demo import content
from entrypoints.demo.accounts import UserIds
from entrypoints.demo.artwork import cover_png
from kosu.container import Container
from kosu.ids import CourseId, UserId
from kosu.modules.billing.domain.coupons import PercentOff
from kosu.modules.billing.errors import CouponCodeTaken
from kosu.modules.catalog.domain.course import Course, CourseDetails
from kosu.modules.catalog.domain.curriculum import Section
from kosu.modules.catalog.domain.shelves import CourseCollection
from kosu.modules.catalog.errors import CollectionTaken
from kosu.modules.identity.domain.audit import NOBODY
from kosu.money import Money

_MOST_COURSES = 100
"""Of an instructor, newest first, among which those of the demo are looked for."""

Courses = Mapping[str, Course]
"""Courses as they are now, by their titles in the demo's files."""


class _Owner(TypedDict):
    user_id: UserId
    is_operator: bool
    course_id: CourseId


async def make_courses(container: Container, demo: content.Demo, users: UserIds) -> Courses:
    """Each course that is missing; one that was left as a draft is completed.

    What was published or archived is left as its instructor has it now.
    """
    made = await find_courses(container, demo, users)
    courses = dict(made)
    # The first of the files comes last, and is the newest.
    for wanted in reversed(demo.courses):
        if wanted.instructor in users:
            course = made.get(wanted.title) or await _draft(container, wanted, users[wanted.instructor])
            courses[wanted.title] = await _completed(container, wanted, course)
    return courses


async def find_courses(container: Container, demo: content.Demo, users: UserIds) -> Courses:
    """Those that exist, in whatever state."""
    catalog = container.catalog
    found: dict[str, Course] = {}
    wanted = {(users[course.instructor], course.title) for course in demo.courses if course.instructor in users}
    for user_id in {user_id for user_id, _ in wanted}:
        page = await catalog.queries().studio_courses(user_id, before=None, limit=_MOST_COURSES)
        for card in page.items:
            if (user_id, card.title) in wanted:
                found[card.title] = await catalog.read_studio_course()(
                    user_id=user_id, is_operator=False, course_id=card.id
                )
    return found


async def make_shelves(container: Container, demo: content.Demo, courses: Courses) -> None:
    """The collections and the coupon; those that are there stay as operators have them now."""
    for position, collection in enumerate(demo.collections):
        wanted = CourseCollection(
            slug=collection.slug,
            title=collection.title,
            description=collection.description,
            position=position,
            published=True,
            course_ids=tuple(courses[title].id for title in collection.courses if title in courses),
        )
        with suppress(CollectionTaken):
            await container.catalog.create_collection()(collection=wanted, origin=NOBODY)
    with suppress(CouponCodeTaken):
        await container.billing.create_coupon()(
            code=demo.coupon.code,
            reduction=PercentOff(demo.coupon.percent),
            course_ids=(),
            starts_at=None,
            ends_at=None,
            max_redemptions=None,
            origin=NOBODY,
        )


async def _draft(container: Container, wanted: content.Course, instructor: UserId) -> Course:
    course: Course = await container.catalog.create_course()(
        user_id=instructor,
        details=CourseDetails(
            title=wanted.title,
            subtitle=wanted.subtitle,
            description=wanted.description,
            outcomes=wanted.outcomes,
            category=wanted.category,
            level=wanted.level,
            language=wanted.language,
            price=Money(wanted.price, wanted.currency),
            list_price=None if wanted.list_price is None else Money(wanted.list_price, wanted.currency),
        ),
    )
    return course


async def _completed(container: Container, wanted: content.Course, course: Course) -> Course:
    """Publishing is the last thing that is done: who finds a draft goes on with it."""
    if course.state != "draft":
        return course
    catalog = container.catalog
    owner = _Owner(user_id=course.instructor_id, is_operator=False, course_id=course.id)
    if course.details.cover_url is None:
        image = await asyncio.to_thread(cover_png, wanted.art, wanted.hue)
        await catalog.put_cover()(**owner, image=image)
    sections = {section.title: section for section in course.sections}
    for part in wanted.sections:
        section = sections.get(part.title) or await catalog.add_section()(**owner, title=part.title)
        await _lessons(container, part, section, owner)
    # An operator's word, so that it does not depend on whether courses are reviewed.
    published: Course = await catalog.publish_course()(**{**owner, "is_operator": True})
    return published


async def _lessons(container: Container, wanted: content.Section, section: Section, owner: _Owner) -> None:
    made = {lesson.title for lesson in section.lessons}
    for lesson in wanted.lessons:
        if lesson.title not in made:
            await container.catalog.add_lesson()(
                **owner,
                section_id=section.id,
                title=lesson.title,
                kind="text" if lesson.body else "video",
                preview=lesson.preview,
                body=lesson.body,
            )
