"""`PUT /storage/{multipart_id}/{part_number}?…`: what S3 does with a presigned UploadPart."""

from __future__ import annotations

from dataclasses import dataclass

from entrypoints.edge.http import Request, Response
from kosu.adapters.filesystem.object_store import FilesystemObjectStore
from kosu.adapters.filesystem.presigned import read_part_url
from kosu.errors import Forbidden
from kosu.ports.clock import Clock

PREFIX = "/storage/"

# Parts come from the web client's origin. The URL is the whole permission, so any origin may use it.
CORS = {"access-control-allow-origin": "*", "access-control-expose-headers": "ETag"}
_PREFLIGHT = {
    "access-control-allow-methods": "PUT",
    "access-control-allow-headers": "*",
    "access-control-max-age": "3600",
}


class DeclaredSizeMismatch(Forbidden):
    """Content-Length is not the one that the URL was signed for."""

    code = "wrong_size"


@dataclass(frozen=True, slots=True)
class Storage:
    store: FilesystemObjectStore
    signing_key: str
    clock: Clock

    async def __call__(self, request: Request) -> Response:
        """Take one part, streamed to disk.

        Raises:
            KosuError: the request has no valid grant, or its body is not what the grant says.
            ClientDisconnected: no part was stored.
        """
        if request.method == "OPTIONS":
            return Response(status=204, headers=CORS | _PREFLIGHT)
        multipart_id, _, part_number = request.path.removeprefix(PREFIX).partition("/")
        grant = read_part_url(
            method=request.method,
            multipart_id=multipart_id,
            part_number=part_number,
            query=request.query,
            signing_key=self.signing_key,
            now=self.clock.now(),
        )
        if request.headers.get("content-length", str(grant.size_bytes)) != str(grant.size_bytes):
            raise DeclaredSizeMismatch(f"The URL is signed for exactly {grant.size_bytes} bytes.")
        etag = await self.store.receive_part(grant, request.body())
        return Response(headers=CORS | {"etag": etag})
