"""/api/v1/media/assets/{id}/captions: what is said in a video, as WebVTT in one or more languages."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from litestar import Controller, delete, put
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath
from litestar.status_codes import HTTP_204_NO_CONTENT, HTTP_415_UNSUPPORTED_MEDIA_TYPE

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.bodies import RAW, is_plain_text_of
from entrypoints.api.dependencies import Media
from entrypoints.api.origin import origin_of
from kosu.ids import AssetId
from kosu.modules.media.domain.webvtt import MAX_BYTES

MEDIA_TYPE = "text/vtt"
_WEBVTT = {MEDIA_TYPE: OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))}


@dataclass
class WebVttOperation(Operation):
    """For the document: the body is read as it is, so that the framework does not know of it."""

    def __post_init__(self) -> None:
        self.request_body = RequestBody(content=_WEBVTT, required=True)


class CaptionController(Controller):
    path = "/api/v1/media/assets/{asset_id:uuid}/captions"
    tags = ("media",)

    @put(
        "/{lang:str}",
        operation_id="putCaptions",
        operation_class=WebVttOperation,
        body=RAW,
        status_code=HTTP_204_NO_CONTENT,
        request_max_body_size=MAX_BYTES,
    )
    async def put_captions(
        self, asset_id: FromPath[UUID], lang: FromPath[str], request: SignedInRequest, media: NamedDependency[Media]
    ) -> None:
        """Add captions in a language, a BCP 47 tag, or replace them. Repeatable. They play a moment later."""
        _require_webvtt(request)
        await media.put_captions()(
            user_id=request.user.user_id,
            is_operator=request.user.is_operator,
            asset_id=AssetId(asset_id),
            lang=lang,
            webvtt=await request.body(),
            origin=origin_of(request),
        )

    @delete("/{lang:str}", operation_id="removeCaptions", status_code=HTTP_204_NO_CONTENT)
    async def remove_captions(
        self, asset_id: FromPath[UUID], lang: FromPath[str], request: SignedInRequest, media: NamedDependency[Media]
    ) -> None:
        """Repeatable."""
        await media.remove_captions()(
            user_id=request.user.user_id,
            is_operator=request.user.is_operator,
            asset_id=AssetId(asset_id),
            lang=lang,
            origin=origin_of(request),
        )


def _require_webvtt(request: SignedInRequest) -> None:
    if not is_plain_text_of(MEDIA_TYPE, request):
        raise HTTPException(
            "Captions have to be WebVTT: `content-type: text/vtt`, in UTF-8 and not compressed.",
            status_code=HTTP_415_UNSUPPORTED_MEDIA_TYPE,
        )
