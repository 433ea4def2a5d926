"""The edge as an ASGI application. Embedded profile only: production has S3 and CloudFront, and refuses to start it."""

from __future__ import annotations

import logging
import os

from entrypoints.edge import media, storage
from entrypoints.edge.http import ClientDisconnected, Receive, Request, Response, Scope, Send, answer, lifespan, problem
from kosu.adapters.cloudfront.delivery_signer import load_private_key
from kosu.adapters.filesystem.object_store import FilesystemObjectStore
from kosu.adapters.system.clock import SystemClock
from kosu.errors import Forbidden, Invalid, KosuError, NotFound, Unavailable
from kosu.settings import Settings, SettingsError, read_settings

_LOG = logging.getLogger("kosu.edge")

_STATUSES: dict[type[KosuError], int] = {Invalid: 400, Forbidden: 403, NotFound: 404, Unavailable: 503}
_READING = ("GET", "HEAD")
_METHODS = {
    storage.PREFIX: ("PUT", "OPTIONS"),
    **dict.fromkeys(media.PREFIXES, _READING),
    "/health/live": _READING,
}


def create_app() -> Edge:
    """The application for the server's factory, from the environment.

    Raises:
        SettingsError: also when this is no embedded stack with a filesystem store.
    """
    return Edge(read_settings(os.environ))


class Edge:
    def __init__(self, settings: Settings) -> None:
        if settings.profile != "embedded" or settings.object_store.kind != "filesystem":
            raise SettingsError(["the edge serves the embedded profile with the filesystem object store only"])
        clock = SystemClock()
        store = FilesystemObjectStore(
            directory=settings.object_store.directory,
            url=settings.object_store.url,
            signing_key=settings.object_store.signing_key,
            clock=clock,
        )
        self._storage = storage.Storage(store, settings.object_store.signing_key, clock)
        self._media = media.Media(
            store,
            settings.delivery.media_base_url,
            load_private_key(settings.delivery.private_key_pem).public_key(),
            settings.delivery.key_pair_id,
            clock,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await lifespan(receive, send)
        elif scope["type"] == "http":
            request = Request(scope, receive)
            try:
                response = await self._respond(request)
                await request.discard_body()
                await answer(request, response, send)
            except ClientDisconnected:
                _LOG.info("the client left in the middle of %s %s", request.method, request.path)

    async def _respond(self, request: Request) -> Response:
        # A browser shows the client a problem from another origin only when it has these headers too.
        headers = dict(storage.CORS) if request.path.startswith(storage.PREFIX) else {}
        try:
            return await self._route(request)
        except KosuError as error:
            status = next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), 500)
            if isinstance(error, Unavailable):
                headers["retry-after"] = str(error.retry_after_seconds)
            return problem(request, status, error.code, str(error), headers)
        except ClientDisconnected:
            raise
        except Exception:  # noqa: BLE001 - the outermost place: whatever it is, the client gets a problem document
            _LOG.exception("%s %s failed, request %s", request.method, request.path, request.id)
            return problem(request, 500, "internal_error", "Something went wrong on our side.", headers)

    async def _route(self, request: Request) -> Response:
        prefix = next((prefix for prefix in _METHODS if request.path.startswith(prefix)), None)
        if prefix is None:
            return problem(request, 404, "not_found", "There is nothing here.")
        if request.method not in _METHODS[prefix]:
            allow = {"allow": ", ".join(_METHODS[prefix])}
            return problem(request, 405, "method_not_allowed", "This method is not for this path.", allow)
        if prefix == storage.PREFIX:
            return await self._storage(request)
        if prefix in media.PREFIXES:
            return await self._media(request)
        return Response(
            headers={"content-type": "application/json", "cache-control": "no-store"}, body=b'{"status":"ok"}'
        )
