"""`GET /media/…`: what CloudFront does: revisions and previews open with signed cookies, covers to everybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from entrypoints.edge.http import Request, Response, problem
from entrypoints.edge.ranges import RangeNotSatisfiable, requested_span
from kosu.adapters.cloudfront.verifier import PublicKey, verify_cookies
from kosu.adapters.filesystem.blob import Blob
from kosu.adapters.filesystem.joined import JoinedBlob
from kosu.adapters.filesystem.object_store import CHUNK_BYTES, FilesystemObjectStore
from kosu.ports.clock import Clock
from kosu.ports.object_store import ObjectNotFound

PUBLIC_PREFIX = "/media/covers/"
PREFIXES = ("/media/v/", "/media/preview/", PUBLIC_PREFIX)

REFUSALS = {
    "missing_cookie": "This needs the signed cookies of a playback.",
    "bad_signature": "The cookies were not signed by this site, or were changed.",
    "wrong_resource": "The cookies open another video.",
    "expired": "The cookies have expired; ask for the playback again.",
}


@dataclass(frozen=True, slots=True)
class Media:
    store: FilesystemObjectStore
    base_url: str
    public_key: PublicKey
    key_pair_id: str
    clock: Clock

    async def __call__(self, request: Request) -> Response:
        """Serve an object, or the range of it that was asked for.

        Raises:
            ObjectNotFound
        """
        if not request.path.startswith(PUBLIC_PREFIX) and (refusal := self._refusal(request)):
            return problem(request, 403, refusal, REFUSALS[refusal])
        try:
            blob = await self.store.open(request.path.removeprefix("/"))
        except ValueError as error:  # a path that is no key, such as one with `..`
            raise ObjectNotFound("There is no such object.") from error
        headers = {"etag": blob.attributes.etag, "accept-ranges": "bytes", "x-content-type-options": "nosniff"}
        if blob.attributes.cache_control:
            headers["cache-control"] = blob.attributes.cache_control
        if _not_modified(request, blob.attributes.etag):
            blob.close()
            return Response(status=304, headers=headers)
        return _content(request, blob, headers)

    def _refusal(self, request: Request) -> str | None:
        return verify_cookies(
            request.cookies,
            url=self.base_url + request.path,
            public_key=self.public_key,
            key_pair_id=self.key_pair_id,
            now=self.clock.now(),
        )


def _content(request: Request, blob: Blob | JoinedBlob, headers: dict[str, str]) -> Response:
    wanted = request.headers.get("range", "")
    if request.headers.get("if-range", blob.attributes.etag) != blob.attributes.etag:
        wanted = ""
    try:
        span = requested_span(wanted, blob.size_bytes)
    except RangeNotSatisfiable:
        blob.close()
        return problem(
            request,
            416,
            "range_not_satisfiable",
            f"There are {blob.size_bytes} bytes.",
            {"content-range": f"bytes */{blob.size_bytes}"},
        )
    start, stop = span or (0, blob.size_bytes)
    headers |= {"content-type": blob.attributes.content_type, "content-length": str(stop - start)}
    if span:
        headers["content-range"] = f"bytes {start}-{stop - 1}/{blob.size_bytes}"
    return Response(status=206 if span else 200, headers=headers, body=_chunks(blob, start, stop), close=blob.close)


async def _chunks(blob: Blob | JoinedBlob, start: int, stop: int) -> AsyncIterator[bytes]:
    for offset in range(start, stop, CHUNK_BYTES):
        yield await asyncio.to_thread(blob.read, offset, min(CHUNK_BYTES, stop - offset))


def _not_modified(request: Request, etag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return known.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}
