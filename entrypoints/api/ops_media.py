"""/api/v1/ops/media: what operators see of assets. All of it is audited."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import Media
from entrypoints.api.lists import Limit, QueryText
from entrypoints.api.origin import origin_of
from kosu.modules.identity.domain.viewer import OPERATOR
from kosu.modules.media.board_views import OpsAssetPage
from kosu.modules.media.domain.assets import AssetState

# `state` is a name that Litestar keeps for itself.
StateQuery = Annotated[AssetState | None, QueryParameter(name="state")]


class OpsMediaController(Controller):
    path = "/api/v1/ops/media"
    tags = ("ops",)

    @get("/", operation_id="listAssets")
    async def assets(
        self,
        request: SignedInRequest,
        media: NamedDependency[Media],
        in_state: StateQuery = None,
        cursor: QueryText = None,
        limit: Limit = 20,
    ) -> OpsAssetPage:
        """Assets of all owners with their latest run or upload: what is stuck first, then the newest."""
        request.user.require(OPERATOR)
        return await media.find_assets()(state=in_state, cursor=cursor, limit=limit, origin=origin_of(request))
