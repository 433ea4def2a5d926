"""Give an asset captions in a language, or take them away. A worker lets the change play."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from kosu.ids import AssetId, UserId
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.modules.media.access import note_operator, visible_asset
from kosu.modules.media.domain.captions import MAX_LANGUAGES, Caption, language_tag
from kosu.modules.media.domain.webvtt import normal_webvtt
from kosu.modules.media.errors import TooManyLanguages
from kosu.modules.media.jobs import PublishCaptions
from kosu.modules.media.ports import MediaQueries, MediaRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class PutCaptions:
    transaction: Transaction[MediaRecords]
    queries: MediaQueries
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, *, user_id: UserId, is_operator: bool, asset_id: AssetId, lang: str, webvtt: bytes, origin: Origin
    ) -> None:
        """Repeatable. Captions may come before the video does.

        Raises:
            AssetNotFound
            InvalidLanguage, InvalidWebVtt
            TooManyLanguages
        """
        snapshot = await visible_asset(self.queries, asset_id, user_id=user_id, is_operator=is_operator)
        lang = language_tag(lang)
        # In a thread: a megabyte takes a while to read, and other requests go on meanwhile.
        text = await asyncio.to_thread(normal_webvtt, webvtt)
        caption = Caption(lang=lang, text=text, updated_at=self.clock.now())
        async with self.transaction() as records:
            languages = await records.captions.lock(asset_id)
            if lang not in languages and len(languages) >= MAX_LANGUAGES:
                raise TooManyLanguages(MAX_LANGUAGES)
            if await records.captions.put(asset_id, caption):
                await records.outbox.add(PublishCaptions(asset_id))
                await note_operator(
                    self.audit,
                    records,
                    Action.CAPTIONS_CHANGED,
                    snapshot.asset,
                    user_id=user_id,
                    at=caption.updated_at,
                    origin=origin,
                    lang=lang,
                )


@dataclass(frozen=True, slots=True)
class RemoveCaptions:
    transaction: Transaction[MediaRecords]
    queries: MediaQueries
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, *, user_id: UserId, is_operator: bool, asset_id: AssetId, lang: str, origin: Origin
    ) -> None:
        """Repeatable.

        Raises:
            AssetNotFound
            InvalidLanguage
        """
        snapshot = await visible_asset(self.queries, asset_id, user_id=user_id, is_operator=is_operator)
        lang = language_tag(lang)
        async with self.transaction() as records:
            await records.captions.lock(asset_id)
            if await records.captions.remove(asset_id, lang):
                await records.outbox.add(PublishCaptions(asset_id))
                await note_operator(
                    self.audit,
                    records,
                    Action.CAPTIONS_CHANGED,
                    snapshot.asset,
                    user_id=user_id,
                    at=self.clock.now(),
                    origin=origin,
                    lang=lang,
                )
