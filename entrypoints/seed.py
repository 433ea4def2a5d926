"""What a new installation starts with: the shelves of the catalogue and, on a demo, three accounts and a first course.

Running it again changes nothing.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence

from entrypoints.demo import ACCOUNTS, COURSES, DemoCourse
from kosu.container import Container
from kosu.ids import UserId
from kosu.lifespan import running
from kosu.modules.catalog.domain.course import CourseDetails
from kosu.modules.catalog.domain.shelves import Category
from kosu.modules.identity.admission import Admitted
from kosu.modules.identity.domain.sessions import Client
from kosu.modules.identity.domain.viewer import INSTRUCTOR, LEARNER
from kosu.modules.identity.errors import EmailTaken
from kosu.money import Money
from kosu.settings import read_settings

CATEGORIES = (
    ("programming", "Programming"),
    ("data-science", "Data science"),
    ("design", "Design"),
    ("business", "Business"),
    ("languages", "Languages"),
    ("music", "Music"),
)


async def seed(container: Container, *, demo: bool) -> None:
    await container.catalog.ensure_categories()(
        [Category(slug=slug, name=name, position=position) for position, (slug, name) in enumerate(CATEGORIES)]
    )
    if demo:
        for role, account in ACCOUNTS.items():
            user_id = await _account(container, role, account.email, account.password)
            # An account that was there has its courses, or has lost them on purpose.
            if role == INSTRUCTOR and user_id is not None:
                await _courses(container, user_id, COURSES)


async def _account(container: Container, role: str, email: str, password: str) -> UserId | None:
    """The id of the new account; None when there was one already."""
    try:
        admitted: Admitted = await container.identity.register_user()(
            email=email,
            password=password,
            display_name=f"Demo {role}",
            device_id=None,
            client=Client(ip="", browser="", os=""),
            roles=frozenset({LEARNER, role}),
        )
    except EmailTaken:
        return None
    # Registering signs a device in; nobody sits at this one.
    await container.identity.end_all_sessions()(user_id=admitted.user.id, keep=None)
    return admitted.user.id


async def _courses(container: Container, instructor: UserId, courses: Sequence[DemoCourse]) -> None:
    catalog = container.catalog
    for demo in courses:
        details = CourseDetails(
            title=demo.title,
            subtitle=demo.subtitle,
            description=demo.description,
            category=demo.category,
            level="beginner",
            language=demo.language,
            price=Money(demo.price_krw, "KRW"),
        )
        course = await catalog.create_course()(user_id=instructor, details=details)
        owner = {"user_id": instructor, "is_operator": False, "course_id": course.id}
        for section_title, lessons in demo.sections:
            section = await catalog.add_section()(**owner, title=section_title)
            for position, (title, body) in enumerate(lessons):
                await catalog.add_lesson()(
                    **owner, section_id=section.id, title=title, kind="text", body=body, preview=position == 0
                )
        await catalog.publish_course()(**owner)


async def _main(*, demo: bool) -> None:
    async with running(Container(settings=read_settings(os.environ))) as container:
        await seed(container, demo=demo)


def main(*, demo: bool) -> None:
    asyncio.run(_main(demo=demo))
