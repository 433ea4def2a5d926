"""Says whether signed cookies open a path, to a proxy that asks before it serves media from a bucket.

For an installation with S3's API and without CloudFront, which makes the same check by itself.
"""

from __future__ import annotations

import os
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from entrypoints.edge.http import ClientDisconnected, Receive, Request, Response, Scope, Send, answer, problem
from entrypoints.edge.media import PREFIXES, PUBLIC_PREFIX, REFUSALS
from kosu.adapters.cloudfront.delivery_signer import load_private_key
from kosu.adapters.cloudfront.verifier import verify_cookies
from kosu.adapters.s3.object_store import S3ObjectStore
from kosu.adapters.system.clock import SystemClock
from kosu.ports.object_store import check_key
from kosu.settings import Settings, SettingsError, read_settings

# For the proxy to begin reading in; one that reads goes on for as long as it takes.
_TTL = timedelta(minutes=1)


def create_app() -> Gate:
    """The application for the server's factory, from the environment.

    Raises:
        SettingsError: also where the objects are not in a bucket.
    """
    return Gate(read_settings(os.environ))


class Gate:
    """Answers `GET /media-access`: 204 with where to read the object, or the refusal that the client is to see.

    The proxy tells the client's request in X-Forwarded-Method and X-Forwarded-Uri, and its cookies as they came.
    """

    def __init__(self, settings: Settings) -> None:
        if settings.object_store.kind != "s3":
            raise SettingsError(["the gate is for objects in a bucket: the edge serves those in a folder by itself"])
        store = settings.object_store
        self._store = S3ObjectStore(
            bucket=store.bucket,
            region=store.region,
            endpoint_url=store.endpoint_url,
            access_key_id=store.access_key_id,
            secret_access_key=store.secret_access_key,
        )
        self._delivery = settings.delivery
        self._public_key = load_private_key(settings.delivery.private_key_pem).public_key()
        self._clock = SystemClock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            request = Request(scope, receive)
            try:
                await answer(request, self._respond(request), send)
            except ClientDisconnected:
                return

    def _respond(self, request: Request) -> Response:
        if request.path == "/health/live":
            return Response(headers={"content-type": "application/json"}, body=b'{"status":"ok"}')
        method = request.headers.get("x-forwarded-method", "")
        if request.path != "/media-access" or method not in {"GET", "HEAD"}:
            return problem(
                request, 405, "method_not_allowed", "This method is not for this path.", {"allow": "GET, HEAD"}
            )
        path = unquote(request.headers.get("x-forwarded-uri", "").partition("?")[0])
        if not path.startswith(PREFIXES):
            return problem(request, 404, "not_found", "There is nothing here.")
        if not path.startswith(PUBLIC_PREFIX) and (refusal := self._refusal(request, path)):
            return problem(request, 403, refusal, REFUSALS[refusal])
        try:
            key = check_key(path.removeprefix("/"))
        except ValueError:  # a path that is no key, such as one with `..`
            return problem(request, 404, "not_found", "There is nothing here.")
        url = urlsplit(self._store.presign_read(key, head=method == "HEAD", ttl=_TTL))
        return Response(status=204, headers={"x-kosu-path": url.path, "x-kosu-query": url.query})

    def _refusal(self, request: Request, path: str) -> str | None:
        return verify_cookies(
            request.cookies,
            url=self._delivery.media_base_url + path,
            public_key=self._public_key,
            key_pair_id=self._delivery.key_pair_id,
            now=self._clock.now(),
        )

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                self._store.close()
                return
