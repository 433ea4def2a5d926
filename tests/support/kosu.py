"""A running stack as its clients see it: over HTTP, signed in by cookies, uploading as a browser does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.support.api import problem
from tests.support.stack import StackProcess

PATIENCE_SECONDS = 240
"""Generous: other suites may share the cores."""


class Kosu:
    """A running stack, and the clients that talk to it."""

    def __init__(self, ready: dict[str, Any], home: Path, clients: ExitStack) -> None:
        self.api_url = str(ready["api_url"])
        self.web_url = str(ready["web_url"] or "")
        """Empty without a web client."""
        self.home = home
        self.accounts: dict[str, dict[str, str]] = ready["accounts"]
        self._clients = clients

    @classmethod
    @contextmanager
    def of(cls, stack: StackProcess) -> Iterator[Kosu]:
        with ExitStack() as clients:
            yield cls(stack.wait_until_ready(), stack.home, clients)

    def stranger(self, **headers: str) -> httpx.Client:
        return self._clients.enter_context(httpx.Client(base_url=self.api_url, headers=headers, timeout=30))

    def signed_in(self, role: str) -> httpx.Client:
        """A new device, signed in by cookies as a browser is; at the account's limit, instead of another device."""
        client = self.stranger(**{"Sec-Fetch-Site": "same-origin"})
        answer = client.post("/api/v1/auth/login", json=self.accounts[role])
        if answer.status_code == HTTPStatus.CONFLICT:
            limit = problem(answer, 409, "device_limit")
            admitted = {"ticket": limit["ticket"], "revoke_session_id": limit["sessions"][-1]["id"]}
            answer = client.post("/api/v1/auth/admit", json=admitted)
        ok(answer, 200)
        return client


def upload(instructor: httpx.Client, video: Path, lesson_id: str | None = None) -> str:
    """By multipart: the parts go straight to the object store, by another client that has no credentials."""
    size = video.stat().st_size
    started = ok(
        instructor.post(
            "/api/v1/media/uploads",
            json={
                "filename": video.name,
                "size_bytes": size,
                "content_type": "video/mp4",
                "lesson_id": lesson_id,
                "fingerprint": "e2e",
            },
        ),
        201,
    )
    assert started["part_count"] > 1
    numbers = list(range(1, started["part_count"] + 1))
    parts = ok(instructor.post(f"/api/v1/media/uploads/{started['id']}/parts", json={"part_numbers": numbers}), 200)[
        "parts"
    ]
    assert urlsplit(parts[0]["url"]).netloc != instructor.base_url.netloc.decode()
    data = video.read_bytes()
    part_size = started["part_size_bytes"]
    with httpx.Client(timeout=60) as store:
        for part in parts[:-1]:
            chunk = data[(part["part_number"] - 1) * part_size :][:part_size]
            store.put(part["url"], content=chunk, headers=part["headers"]).raise_for_status()
        early = instructor.post(f"/api/v1/media/uploads/{started['id']}/complete")
        assert problem(early, 409, "upload_incomplete")["missing_parts"] == [len(parts)]
        last = data[(len(parts) - 1) * part_size :]
        store.put(parts[-1]["url"], content=last, headers=parts[-1]["headers"]).raise_for_status()
    asset_ids = {
        ok(instructor.post(f"/api/v1/media/uploads/{started['id']}/complete"), 202)["asset_id"] for _ in range(2)
    }
    (asset_id,) = asset_ids
    assert asset_id == started["asset_id"]
    return str(asset_id)


def ok(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, f"{answer.request.method} {answer.request.url}: {answer.text}"
    body: dict[str, Any] = answer.json()
    return body


def ok_text(answer: httpx.Response) -> str:
    assert answer.status_code == 200, f"{answer.request.url}: {answer.text}"
    return answer.text


def eventually(condition: Callable[[], bool], *, every_seconds: float = 0.1) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(every_seconds)
