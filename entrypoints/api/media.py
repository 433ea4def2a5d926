"""/api/v1/media: uploads of large files, and the assets that are made of them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.conditional import conditional
from entrypoints.api.delivery_cookies import delivery_cookies
from entrypoints.api.dependencies import Media
from entrypoints.api.origin import origin_of
from kosu.ids import AssetId, LessonId, UploadId
from kosu.modules.identity.domain.viewer import INSTRUCTOR
from kosu.modules.media.views import AssetView, PresignedPartsView, PreviewView, UploadView


class UploadRequest(msgspec.Struct, frozen=True):
    """`fingerprint` is any text by which the client knows the same file again, e.g. of its name, size and hashes."""

    filename: str
    size_bytes: Annotated[int, msgspec.Meta(ge=0)]
    content_type: str
    lesson_id: UUID | None = None
    fingerprint: str | None = None


class PartsRequest(msgspec.Struct, frozen=True):
    """At most 100 part numbers, from 1."""

    part_numbers: Annotated[list[int], msgspec.Meta(max_length=100)]


class AssetAccepted(msgspec.Struct, frozen=True):
    """The asset that the background now works on, or no longer does."""

    asset_id: AssetId


RESUMED = ResponseSpec(UploadView, description="The open session of the same file", generate_examples=False)


class MediaController(Controller):
    path = "/api/v1/media"
    tags = ("media",)

    @post("/uploads", operation_id="startUpload", responses={HTTP_200_OK: RESUMED})
    async def start_upload(
        self, data: JSONBody[UploadRequest], request: SignedInRequest, media: NamedDependency[Media]
    ) -> Response[UploadView]:
        """201 with a new session, or 200 with the open session of the same file."""
        upload, is_new = await media.start_upload()(
            user_id=request.user.user_id,
            is_instructor=request.user.is_operator or INSTRUCTOR in request.user.roles,
            is_operator=request.user.is_operator,
            filename=data.filename,
            size_bytes=data.size_bytes,
            content_type=data.content_type,
            lesson_id=None if data.lesson_id is None else LessonId(data.lesson_id),
            fingerprint=data.fingerprint,
        )
        return Response(upload, status_code=HTTP_201_CREATED if is_new else HTTP_200_OK)

    @post("/uploads/{upload_id:uuid}/parts", operation_id="presignParts", status_code=HTTP_200_OK)
    async def presign_parts(
        self,
        upload_id: FromPath[UUID],
        data: JSONBody[PartsRequest],
        request: SignedInRequest,
        media: NamedDependency[Media],
    ) -> PresignedPartsView:
        return await media.presign_parts()(
            user_id=request.user.user_id, upload_id=UploadId(upload_id), part_numbers=data.part_numbers
        )

    @get("/uploads/{upload_id:uuid}", operation_id="getUpload")
    async def get_upload(
        self, upload_id: FromPath[UUID], request: SignedInRequest, media: NamedDependency[Media]
    ) -> UploadView:
        return await media.get_upload()(user_id=request.user.user_id, upload_id=UploadId(upload_id))

    @post("/uploads/{upload_id:uuid}/complete", operation_id="completeUpload", status_code=HTTP_202_ACCEPTED)
    async def complete_upload(
        self, upload_id: FromPath[UUID], request: SignedInRequest, media: NamedDependency[Media]
    ) -> AssetAccepted:
        """Repeatable."""
        return AssetAccepted(await media.complete_upload()(user_id=request.user.user_id, upload_id=UploadId(upload_id)))

    @delete("/uploads/{upload_id:uuid}", operation_id="abortUpload", status_code=HTTP_204_NO_CONTENT)
    async def abort_upload(
        self, upload_id: FromPath[UUID], request: SignedInRequest, media: NamedDependency[Media]
    ) -> None:
        await media.abort_upload()(user_id=request.user.user_id, upload_id=UploadId(upload_id))

    @get("/assets/{asset_id:uuid}", operation_id="getAsset")
    async def get_asset(
        self, asset_id: FromPath[UUID], request: SignedInRequest, media: NamedDependency[Media]
    ) -> Response[AssetView]:
        """Made to be polled: with an ETag, 304 while nothing has changed."""
        asset = await media.describe_asset()(
            user_id=request.user.user_id, is_operator=request.user.is_operator, asset_id=AssetId(asset_id)
        )
        return conditional(request, asset, cache_control="private, no-cache")

    @get("/assets/{asset_id:uuid}/preview", operation_id="previewAsset")
    async def preview_asset(
        self, asset_id: FromPath[UUID], request: SignedInRequest, media: NamedDependency[Media]
    ) -> Response[PreviewView]:
        """For its owner: an encode that is under way, else what is published; with the signed cookies that open it."""
        opened = await media.preview_asset()(
            user_id=request.user.user_id, is_operator=request.user.is_operator, asset_id=AssetId(asset_id)
        )
        cookies = delivery_cookies(opened.cookies, path=opened.cookie_path, media_url=opened.preview.hls_url)
        return Response(opened.preview, headers={"Cache-Control": "private, no-store"}, cookies=cookies)

    @post("/assets/{asset_id:uuid}/retry", operation_id="retryAsset", status_code=HTTP_202_ACCEPTED)
    async def retry_asset(
        self, asset_id: FromPath[UUID], request: SignedInRequest, media: NamedDependency[Media]
    ) -> AssetAccepted:
        await media.retry_asset()(
            user_id=request.user.user_id,
            is_operator=request.user.is_operator,
            asset_id=AssetId(asset_id),
            origin=origin_of(request),
        )
        return AssetAccepted(AssetId(asset_id))

    @post("/assets/{asset_id:uuid}/cancel", operation_id="cancelAsset", status_code=HTTP_202_ACCEPTED)
    async def cancel_asset(
        self, asset_id: FromPath[UUID], request: SignedInRequest, media: NamedDependency[Media]
    ) -> AssetAccepted:
        await media.cancel_asset()(
            user_id=request.user.user_id,
            is_operator=request.user.is_operator,
            asset_id=AssetId(asset_id),
            origin=origin_of(request),
        )
        return AssetAccepted(AssetId(asset_id))
