"""Who may read the metrics, and where a runtime without HTTP of its own tells them."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from kosu.settings import MetricsSettings


def may_scrape(settings: MetricsSettings, *, authorization: str, peer: str, is_forwarded: bool) -> bool:
    """Whoever knows the token; without one, only somebody on this machine who was not sent on by a proxy."""
    if settings.token:
        return hmac.compare_digest(authorization.encode(), f"Bearer {settings.token!s}".encode())
    return not is_forwarded and is_loopback(peer)


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def served(settings: MetricsSettings) -> Iterator[None]:
    """Serve the metrics of a runtime without HTTP of its own while the block runs, where a port is set."""
    if settings.port == 0:
        yield
        return
    server = make_server(settings.host, settings.port, _guarded(settings), _Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Scrapes are not worth a line."""


def _guarded(settings: MetricsSettings) -> Any:
    app: Any = make_wsgi_app()

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        forwarded = any(name in environ for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED"))
        authorization, peer = environ.get("HTTP_AUTHORIZATION", ""), environ["REMOTE_ADDR"]
        if not may_scrape(settings, authorization=authorization, peer=peer, is_forwarded=forwarded):
            start_response("404 Not Found", [("Content-Length", "0")])
            return [b""]
        return app(environ, start_response)

    return answer
