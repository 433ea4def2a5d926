"""Plain SQL inside a session's transaction, where SQLAlchemy's layers cost more than the statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString, cast

from psycopg import AsyncConnection, AsyncCursor
from sqlalchemy.ext.asyncio import AsyncSession

_DRIVER = "driver"


async def execute(
    session: AsyncSession, statement: LiteralString, values: Mapping[str, object]
) -> AsyncCursor[tuple[Any, ...]]:
    """Run a statement on the session's own connection, in its transaction. The driver's own errors pass through."""
    connection: AsyncConnection[tuple[Any, ...]] | None = session.info.get(_DRIVER)
    if connection is None:
        raw = await (await session.connection()).get_raw_connection()
        connection = session.info[_DRIVER] = cast("AsyncConnection[tuple[Any, ...]]", raw.driver_connection)
    return await connection.execute(statement, values)
