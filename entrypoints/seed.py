"""What a new installation starts with: the shelves of the catalogue and, on a demo, courses and who is in them.

Running it again changes nothing; interrupted, it goes on where it was.
"""

from __future__ import annotations

import asyncio
import os

from kosu.container import Container
from kosu.lifespan import running
from kosu.modules.catalog.domain.shelves import Category
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
        # Imported where there is a demo: production has nothing to draw with.
        from entrypoints.demo import accounts, content, teaching  # noqa: PLC0415

        wanted = content.demo()
        users = await accounts.make_accounts(container, [person for person in wanted.people if person.comes_first])
        courses = await teaching.make_courses(container, wanted, users)
        await teaching.make_shelves(container, wanted, courses)


async def fill(container: Container) -> None:
    """A seeded demo's learners, what they do, and the videos of its lessons. Takes a minute, and workers.

    Raises:
        FilmingError
    """
    from entrypoints.demo import accounts, community, content, filming, teaching  # noqa: PLC0415 - as above

    wanted = content.demo()
    users = await accounts.make_accounts(container, wanted.people)
    courses = await teaching.find_courses(container, wanted, users)
    await community.buy_and_review(container, wanted, users, courses)
    await filming.film_and_study(container, wanted, users, courses)


async def _main(*, demo: bool, full: bool) -> None:
    async with running(Container(settings=read_settings(os.environ))) as container:
        await seed(container, demo=demo)
        if full:
            await fill(container)


def main(*, demo: bool, full: bool = False) -> None:
    """`full` makes the demo complete. Raises FilmingError."""
    asyncio.run(_main(demo=demo or full, full=full))
