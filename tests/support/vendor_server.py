"""A vendor's JSON API on the loopback interface, for adapters that talk to one over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in. Names of headers are lower case; `body` is empty where none was sent."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Json

    @property
    def steps(self) -> list[str]:
        return [unquote(step) for step in self.path.split("/")[1:]]


class Vendor:
    """Answers requests by `answer`, one at a time. `requests` are those that were answered.

    `available = False` makes it answer 503; `garbled` is what it answers instead. Of as many POSTs as `lost` says, no
    answer comes back although they were done.
    """

    def __init__(self) -> None:
        self.url = ""
        self.available = True
        self.garbled: tuple[int, bytes] | None = None
        self.lost = 0
        self.requests: list[Asked] = []

    def answer(self, asked: Asked) -> tuple[int, Any]:
        raise NotImplementedError

    def asked_to(self, method: str, ending: str) -> list[Asked]:
        return [asked for asked in self.requests if asked.method == method and asked.path.endswith(ending)]


@contextmanager
def running_vendor(vendor: Vendor) -> Iterator[str]:
    """Serve a vendor on a free port; its `url` is answered."""
    turns = Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, *_: object) -> None:
            """Says nothing: the tests tell."""

        def _serve(self) -> None:
            url = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            asked = Asked(
                method=self.command,
                path=url.path,
                query=dict(parse_qsl(url.query, keep_blank_values=True)),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=json.loads(raw) if raw else {},
            )
            with turns:
                status, body = self._answer(asked)
                if vendor.lost and asked.method == "POST" and vendor.available:
                    vendor.lost -= 1
                    self.close_connection = True
                    return
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _answer(self, asked: Asked) -> tuple[int, bytes]:
            if not vendor.available:
                return 503, b"down for maintenance"
            vendor.requests.append(asked)
            if vendor.garbled is not None:
                return vendor.garbled
            status, answer = vendor.answer(asked)
            return status, json.dumps(answer, ensure_ascii=False).encode()

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        vendor.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield vendor.url
        finally:
            server.shutdown()
            thread.join()
