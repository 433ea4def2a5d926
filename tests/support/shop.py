"""Something to buy, for tests over HTTP."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from kosu.adapters.postgres.catalog import PostgresCatalogRecords
from kosu.adapters.postgres.unit_of_work import PostgresTransaction
from kosu.ids import UserId
from kosu.modules.catalog.domain.shelves import Category
from kosu.money import Money
from tests.support.api import Api
from tests.support.catalog import WON, a_course


async def open_shop(api: Api, *, price: Money = WON, instructor_id: str | None = None) -> str:
    """Publish a course at this price, of this instructor or of any; answers its id."""
    container = api.container
    course = a_course(price=price, category="data", state="published", published_at=container.clock().now())
    if instructor_id is not None:
        course = replace(course, instructor_id=UserId(UUID(instructor_id)))
    transaction = PostgresTransaction(
        container.sessions(), container.queue(), container.clock(), container.ids(), PostgresCatalogRecords
    )
    async with transaction() as records:
        await records.categories.save(Category("data", "Data", 1))
        await records.courses.add(course)
    return str(course.id)
