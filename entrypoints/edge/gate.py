"""Says whether signed cookies open a path, to a proxy that asks before it serves media from a bucket.

For an installation with S3's API and without CloudFront, which makes the same check by itself.
"""

from __future__ import annotations

import os
import re
from urllib.parse import unquote

from entrypoints.edge.http import ClientDisconnected, Receive, Request, Response, Scope, Send, answer, lifespan, problem
from entrypoints.edge.media import PREFIXES, PUBLIC_PREFIX, REFUSALS
from kosu.adapters.cloudfront.delivery_signer import load_private_key
from kosu.adapters.cloudfront.verifier import verify_cookies
from kosu.adapters.s3.signed_reads import SignedReads
from kosu.adapters.system.clock import SystemClock
from kosu.ports.object_store import check_key
from kosu.settings import Settings, SettingsError, read_settings

# What Kosu calls its media. Of other characters, the proxy and the store might think differently.
_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")


def create_app() -> Gate:
    """The application for the server's factory, from the environment.

    Raises:
        SettingsError: also where the objects are not in a bucket of one's own.
    """
    return Gate(read_settings(os.environ))


class Gate:
    """Answers `GET /media-access`: 204 with the headers to read the object with, or the refusal for the client.

    The proxy tells the client's request in X-Forwarded-Method and X-Forwarded-Uri, and its cookies as they came.
    """

    def __init__(self, settings: Settings) -> None:
        store = settings.object_store
        if store.kind != "s3" or not store.endpoint_url:
            raise SettingsError(["the gate is for a bucket at KOSU_S3_ENDPOINT_URL: it stands in for CloudFront there"])
        self._reads = SignedReads(
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
            await lifespan(receive, send)
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
        key = path.removeprefix("/")
        if not _PLAIN.fullmatch(key) or not _is_key(key):
            return problem(request, 404, "not_found", "There is nothing here.")
        return Response(status=204, headers=self._reads.headers(key, head=method == "HEAD"))

    def _refusal(self, request: Request, path: str) -> str | None:
        return verify_cookies(
            request.cookies,
            url=self._delivery.media_base_url + path,
            public_key=self._public_key,
            key_pair_id=self._delivery.key_pair_id,
            now=self._clock.now(),
        )


def _is_key(text: str) -> bool:
    try:
        check_key(text)
    except ValueError:  # such as one with `..`
        return False
    return True
