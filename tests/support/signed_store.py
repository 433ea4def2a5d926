"""A store that gives its objects to whoever signed for them and to nobody else, as S3 does and moto does not."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def running_signed_store(secret_access_key: str, objects: Mapping[str, bytes]) -> Iterator[int]:
    """Its port on the loopback interface. `objects` are by path, the bucket included."""

    class Store(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path
            if not _is_signed(self.command, path, self.headers, secret_access_key):
                self.send_error(403)
                return
            if path not in objects:
                self.send_error(404)
                return
            body, status = objects[path], 200
            if wanted := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", "")):
                body, status = body[int(wanted[1]) : int(wanted[2]) + 1], 206
            self.send_response(status)
            self.send_header("content-type", "text/plain")
            self.send_header("cache-control", "max-age=60")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def _is_signed(method: str, path: str, headers: Message, secret: str) -> bool:
    """Source: Amazon S3 API reference, "Authenticating requests: using the authorization header"."""
    match = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=[^/]+/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})",
        headers.get("authorization", ""),
    )
    if match is None:
        return False
    scope, signed, signature = match.groups()
    named = "".join(f"{name}:{headers[name]}\n" for name in signed.split(";"))
    canonical = f"{method}\n{path}\n\n{named}\n{signed}\n{headers['x-amz-content-sha256']}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    told = f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{scope}\n{digest}"
    return hmac.compare_digest(hmac.digest(key, told.encode(), "sha256").hex(), signature)
