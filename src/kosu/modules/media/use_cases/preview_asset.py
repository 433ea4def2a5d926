"""Let an author watch a video before anybody else can: what is encoded of it so far, or what is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kosu.ids import AssetId, UserId
from kosu.modules.media.access import visible_asset
from kosu.modules.media.delivery import Delivery
from kosu.modules.media.domain.assets import Asset, AssetSnapshot, asset_prefix, revision_prefix
from kosu.modules.media.domain.hls import MASTER
from kosu.modules.media.domain.preview import preview_prefix, previews_prefix
from kosu.modules.media.errors import MediaNotReady
from kosu.modules.media.ports import MediaQueries
from kosu.modules.media.views import PreviewView
from kosu.ports.object_store import ObjectNotFound, ObjectStore


@dataclass(frozen=True, slots=True)
class OpenedPreview:
    """The cookies open the preview; they are for paths under `cookie_path`."""

    preview: PreviewView
    cookies: Mapping[str, str]
    cookie_path: str


@dataclass(frozen=True, slots=True)
class _Shown:
    prefix: str
    master: str
    cookie_path: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class PreviewAsset:
    queries: MediaQueries
    store: ObjectStore
    delivery: Delivery

    async def __call__(self, *, user_id: UserId, is_operator: bool, asset_id: AssetId) -> OpenedPreview:
        """An encode under way is shown as soon as its first segments are finished, and before an older revision.

        Raises:
            AssetNotFound
            MediaNotReady: there is nothing to see yet.
            StoreUnavailable
        """
        snapshot = await visible_asset(self.queries, asset_id, user_id=user_id, is_operator=is_operator)
        shown = await self._growing(snapshot) or _published(snapshot.asset)
        if shown is None:
            msg = "Nothing of this video can be watched yet."
            raise MediaNotReady(msg)
        opened = self.delivery.open(shown.prefix)
        return OpenedPreview(
            PreviewView(
                hls_url=opened.base_url + shown.master,
                is_published=shown.is_published,
                expires_at=opened.expires_at,
            ),
            cookies=opened.cookies,
            cookie_path=f"/{shown.cookie_path}",
        )

    async def _growing(self, snapshot: AssetSnapshot) -> _Shown | None:
        run = snapshot.run
        if run is None or not run.is_active or run.is_published:
            return None
        prefix = preview_prefix(run.upload_id, run.fence)
        try:
            # The worker that encodes sends this last, and writes it down nowhere else.
            await self.store.head(prefix + MASTER)
        except ObjectNotFound:
            return None
        return _Shown(prefix, MASTER, previews_prefix(run.upload_id), is_published=False)


def _published(asset: Asset) -> _Shown | None:
    if (published := asset.publication) is None:
        return None
    prefix = revision_prefix(asset.id, published.revision)
    return _Shown(prefix, published.master, asset_prefix(asset.id), is_published=True)
