"""Chunks of runs, held by lease and fence, in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, cast, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.media.rows import ChunkRow, RunRow, columns_of, value_of
from kosu.ids import RunId
from kosu.modules.media.domain.chunks import Chunk, ChunkState
from kosu.modules.media.domain.runs import ACTIVE_STATES, LEASE, MAX_ATTEMPTS
from kosu.modules.media.errors import LeaseLost

_OF_AN_ACTIVE_RUN = exists().where(RunRow.id == ChunkRow.run_id, RunRow.state.in_(ACTIVE_STATES))


class PostgresChunks:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, chunks: Sequence[Chunk]) -> None:
        self._session.add_all(ChunkRow(**columns_of(chunk)) for chunk in chunks)
        await self._session.flush()

    async def of(self, run_id: RunId) -> Sequence[Chunk]:
        rows = await self._session.scalars(select(ChunkRow).where(ChunkRow.run_id == run_id).order_by(ChunkRow.index))
        return [value_of(row.to_dict(), Chunk) for row in rows]

    async def frames(self, run_id: RunId) -> int:
        # Apart from `of`: it is asked each second, and the rows list thousands of files.
        # PostgreSQL sums whole numbers up to a decimal.
        total = cast(func.coalesce(func.sum(ChunkRow.frames), 0), BigInteger)
        frames = await self._session.scalars(select(total).where(ChunkRow.run_id == run_id))
        return frames.one()

    async def claim(self, run_id: RunId, *, at: datetime) -> Chunk | None:
        # Whoever comes second passes over the chunk that the first one is about to take.
        free = (
            select(ChunkRow.index)
            .where(
                ChunkRow.run_id == run_id,
                ChunkRow.state == ChunkState.WAITING,
                ChunkRow.attempt < MAX_ATTEMPTS,
                or_(ChunkRow.lease_until.is_(None), ChunkRow.lease_until <= at),
                _OF_AN_ACTIVE_RUN,
            )
            .order_by(ChunkRow.index)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        claimed = await self._session.scalars(
            update(ChunkRow)
            .where(ChunkRow.run_id == run_id, ChunkRow.index == free)
            .values(attempt=ChunkRow.attempt + 1, fence=ChunkRow.fence + 1, frames=0, lease_until=at + LEASE)
            .returning(ChunkRow)
            .execution_options(synchronize_session=False)
        )
        row = claimed.one_or_none()
        return None if row is None else value_of(row.to_dict(), Chunk)

    async def save(self, chunk: Chunk, *, fence: int) -> None:
        saved = await self._session.execute(
            update(ChunkRow)
            .where(
                ChunkRow.run_id == chunk.run_id,
                ChunkRow.index == chunk.index,
                ChunkRow.fence == fence,
                ChunkRow.state == ChunkState.WAITING,
                _OF_AN_ACTIVE_RUN,
            )
            .values(columns_of(chunk))
            .returning(ChunkRow.index)
            .execution_options(synchronize_session=False)
        )
        if saved.first() is None:
            msg = f"chunk {chunk.index} of run {chunk.run_id} is no longer ours at fence {fence}"
            raise LeaseLost(msg)

    async def give_up(self, run_id: RunId) -> None:
        await self._session.execute(
            update(ChunkRow)
            .where(ChunkRow.run_id == run_id)
            .values(state=ChunkState.FAILED.value, fence=ChunkRow.fence + 1, lease_until=None)
            .execution_options(synchronize_session=False)
        )

    async def remove(self, run_id: RunId) -> None:
        await self._session.execute(delete(ChunkRow).where(ChunkRow.run_id == run_id))
