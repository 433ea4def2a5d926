"""The text of captions, in memory."""

from __future__ import annotations

from dataclasses import replace

from kosu.adapters.memory.database import Table
from kosu.ids import AssetId
from kosu.modules.media.domain.assets import Asset
from kosu.modules.media.domain.captions import Caption


class MemoryCaptions:
    def __init__(self, assets: Table, captions: Table) -> None:
        self._assets = assets
        self._captions = captions

    async def lock(self, asset_id: AssetId) -> frozenset[str]:
        return frozenset(lang for owner, lang in self._captions if owner == asset_id)

    async def put(self, asset_id: AssetId, caption: Caption) -> bool:
        stored: Caption | None = self._captions.get((asset_id, caption.lang))
        if stored is not None and stored.text == caption.text:
            return False
        self._captions[asset_id, caption.lang] = caption
        self._count(asset_id)
        return True

    async def remove(self, asset_id: AssetId, lang: str) -> bool:
        if self._captions.pop((asset_id, lang), None) is None:
            return False
        self._count(asset_id)
        return True

    def _count(self, asset_id: AssetId) -> None:
        asset: Asset = self._assets[asset_id]
        self._assets[asset_id] = replace(asset, captions_version=asset.captions_version + 1)
