"""The text of captions, in a transaction."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.media.rows import AssetRow, CaptionRow, columns_of
from kosu.ids import AssetId
from kosu.modules.media.domain.captions import Caption


class PostgresCaptions:
    """The asset's row is the lock of its captions."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, asset_id: AssetId) -> frozenset[str]:
        await self._session.execute(select(AssetRow.id).where(AssetRow.id == asset_id).with_for_update())
        # A statement of its own, which sees what was committed while the lock was waited for.
        languages = await self._session.scalars(select(CaptionRow.lang).where(CaptionRow.asset_id == asset_id))
        return frozenset(languages)

    async def put(self, asset_id: AssetId, caption: Caption) -> bool:
        adding = insert(CaptionRow).values(asset_id=asset_id, **columns_of(caption))
        written = await self._session.execute(
            adding.on_conflict_do_update(
                index_elements=[CaptionRow.asset_id, CaptionRow.lang],
                set_={"text": adding.excluded.text, "updated_at": adding.excluded.updated_at},
                where=CaptionRow.text != adding.excluded.text,
            ).returning(CaptionRow.lang)
        )
        return await self._count(asset_id, is_changed=written.first() is not None)

    async def remove(self, asset_id: AssetId, lang: str) -> bool:
        removed = await self._session.execute(
            delete(CaptionRow)
            .where(CaptionRow.asset_id == asset_id, CaptionRow.lang == lang)
            .returning(CaptionRow.lang)
            .execution_options(synchronize_session=False)
        )
        return await self._count(asset_id, is_changed=removed.first() is not None)

    async def _count(self, asset_id: AssetId, *, is_changed: bool) -> bool:
        if is_changed:
            await self._session.execute(
                update(AssetRow)
                .where(AssetRow.id == asset_id)
                .values(captions_version=AssetRow.captions_version + 1)
                .execution_options(synchronize_session=False)
            )
        return is_changed
