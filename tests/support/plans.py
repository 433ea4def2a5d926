"""How PostgreSQL executes what an adapter asks: the statements are caught where the driver sends them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import patch

import psycopg

from kosu.adapters.postgres.connections import Pool

Node = dict[str, Any]


async def plan_of(pool: Pool, ask: Callable[[], Awaitable[object]]) -> list[Node]:
    """The nodes of the plan of the one statement that `ask` sends, as it was executed; the root comes first."""
    sent: list[tuple[Any, Any]] = []
    execute = psycopg.AsyncCursor.execute

    async def noting_execute(self: Any, query: Any, params: Any = None, **named: Any) -> Any:
        sent.append((query, params))
        return await execute(self, query, params, **named)

    with patch.object(psycopg.AsyncCursor, "execute", noting_execute):
        await ask()
    ((statement, values),) = sent
    return await explained(pool, statement, values)


async def explained(pool: Pool, statement: Any, values: Any) -> list[Node]:
    async with pool.connection() as connection:
        text = statement.encode() if isinstance(statement, str) else statement.as_bytes(connection)
        explain = b"EXPLAIN (ANALYZE, FORMAT JSON) " + text
        row = await (await connection.execute(explain, values, prepare=False)).fetchone()
    assert row is not None
    waiting, nodes = [row[0][0]["Plan"]], []
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        waiting += node.get("Plans", [])
    return nodes
