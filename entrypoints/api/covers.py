"""Covers over HTTP: the picture as a request's whole body, and the way to where pictures are served."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from litestar import get
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_307_TEMPORARY_REDIRECT, HTTP_415_UNSUPPORTED_MEDIA_TYPE

from entrypoints.api.authentication import NOBODY, SignedInRequest
from entrypoints.api.dependencies import WholeContainer
from kosu.modules.catalog.domain.covers import COVER_KINDS, COVER_PREFIX

_PICTURE = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format="binary"))


@dataclass
class CoverOperation(Operation):
    """For the document: the body is read as it is, so that the framework does not know of it."""

    def __post_init__(self) -> None:
        content = {kind.content_type: _PICTURE for kind in COVER_KINDS}
        self.request_body = RequestBody(content=content, required=True)


def require_picture(request: SignedInRequest) -> None:
    """Raises HTTPException: 415, the body is announced as something else."""
    told = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if told not in {kind.content_type for kind in COVER_KINDS} or "content-encoding" in request.headers:
        raise HTTPException(
            "A cover has to be a picture: `content-type: image/png`, `image/jpeg` or `image/webp`.",
            status_code=HTTP_415_UNSUPPORTED_MEDIA_TYPE,
        )


@get(
    f"/{COVER_PREFIX}{{course_id:uuid}}/{{name:str}}",
    auth=NOBODY,
    include_in_schema=False,
    cache_control=CacheControlHeader(no_store=True),
)
async def cover_elsewhere(
    course_id: FromPath[UUID], name: FromPath[str], container: NamedDependency[WholeContainer]
) -> Redirect:
    """A `cover_url` is a path of the site. Where the API is the site, this leads on to what serves /media."""
    base = container.settings().delivery.media_base_url
    return Redirect(f"{base}/{COVER_PREFIX}{course_id}/{name}", status_code=HTTP_307_TEMPORARY_REDIRECT)
