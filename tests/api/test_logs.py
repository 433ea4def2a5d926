"""What a line of the log says."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from litestar import Request

from entrypoints import logs
from entrypoints.api.errors import unexpected_error
from entrypoints.logs import JsonFormatter
from kosu import cause
from kosu.cause import Cause
from tests.support.api import PASSWORD, Api


def line(**attributes: Any) -> dict[str, Any]:
    record = logging.makeLogRecord(
        {"name": "kosu.tests", "levelname": "WARNING", "msg": "no", "created": 1.5, **attributes}
    )
    formatted: dict[str, Any] = json.loads(JsonFormatter("api").format(record))
    return formatted


def test_a_line_is_json_and_says_what_when_and_where() -> None:
    assert line(msg="%s of %d", args=("one", 3)) == {
        "event": "one of 3",
        "level": "warning",
        "logger": "kosu.tests",
        "timestamp": "1970-01-01T00:00:01.500000Z",
        "runtime": "api",
    }


def test_a_line_carries_what_the_caller_and_the_request_at_hand_add() -> None:
    caused, known = cause.current.set(Cause("r1")), logs.context.set({"job": "media.ProcessRun"})
    try:
        said = line(status=200, where=Path("here"), msg="a line\nbreak")
    finally:
        cause.current.reset(caused)
        logs.context.reset(known)
    assert said["job"] == "media.ProcessRun"
    assert (said["status"], said["where"], said["request_id"], said["event"]) == (200, "here", "r1", "a line\nbreak")


def test_an_error_is_logged_with_its_way_here() -> None:
    try:
        int("many")
    except ValueError:
        said = line(exc_info=sys.exc_info())
    assert said["exception"].startswith("Traceback")
    assert said["exception"].endswith("'many'")


@pytest.mark.parametrize(
    "secret",
    [
        "learner@kosu.test",
        ".".join(["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJl"]),
        "whsec_c2VjcmV0",
        "sk_live_51H8",
        "hunter2",
        "b3BhcXVl",
        "cmVzZXQ",
    ],
)
def test_what_drivers_and_vendors_say_is_redacted(secret: str) -> None:
    """PostgreSQL names the value that breaks a constraint, and clients of HTTP name the URL that they asked."""
    words = {
        "hunter2": "cannot connect to postgresql://" + ":".join(["kosu", "hunter2@db/kosu"]),
        "b3BhcXVl": "refused: Authorization: Bearer b3BhcXVl",
        "cmVzZXQ": "GET https://kosu.test/reset?token=cmVzZXQ failed",
    }.get(secret, f"Key (value)=({secret}) already exists.")
    error = ValueError(words)
    said = line(msg="failed: %s", args=(words,), exc_info=(ValueError, error, None))
    assert secret not in json.dumps(said)
    assert "[redacted]" in said["event"]
    assert "[redacted]" in said["exception"]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[BytesIO]:
    """What the process writes as its log."""
    for name in ("_srcfile", "logThreads", "logProcesses", "logMultiprocessing"):
        monkeypatch.setattr(logging, name, getattr(logging, name))
    root, stream = logging.getLogger(), BytesIO()
    before = root.handlers[:], root.level
    logs.configure("api", stream=stream)
    yield stream
    logs.flush()
    root.handlers[:], level = before
    root.setLevel(level)
    logs.stop()


def lines_of(stream: BytesIO) -> list[dict[str, Any]]:
    logs.flush()
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def test_every_request_has_one_line(api: Api, written: BytesIO) -> None:
    learner = await api.learner()
    me = (await learner.get("/api/v1/me")).json()
    await (await api.browser()).post("/api/v1/webhooks/sandbox?secret=1", content=b"{}")
    await (await api.browser()).get("/nowhere", headers={"X-Request-ID": "r-7"})
    await learner.get("/api/v1/me")
    told = [line for line in lines_of(written) if line["logger"] == "kosu.access"][-3:]
    assert [(line["method"], line["path"], line["status"]) for line in told] == [
        ("POST", "/api/v1/webhooks/sandbox", 401),
        ("GET", "/nowhere", 404),
        ("GET", "/api/v1/me", 200),
    ]
    assert told[1]["request_id"] == "r-7"
    assert [line.get("user_id") for line in told] == [None, None, me["id"]]
    assert told[2]["session_id"]
    assert all(line["duration_ms"] >= 0 and line["runtime"] == "api" for line in told)


async def test_lines_wait_for_one_another_and_not_for_long(written: BytesIO) -> None:
    log = logging.getLogger("kosu.tests")
    log.info("one")
    assert written.getvalue() == b""
    async with asyncio.timeout(5):
        while not written.getvalue():  # noqa: ASYNC110 - a stream says nothing
            await asyncio.sleep(logs.FLUSH_SECONDS / 4)
    log.info("two")
    log.warning("three")
    assert [line["event"] for line in map(json.loads, written.getvalue().splitlines())] == ["one", "two", "three"]


async def test_lines_of_threads_are_not_lost(written: BytesIO) -> None:
    log = logging.getLogger("kosu.tests")

    def say(numbers: range) -> None:
        for number in numbers:
            log.info("%d", number)

    async with asyncio.TaskGroup() as group:
        for thread in range(4):
            group.create_task(asyncio.to_thread(say, range(thread * 500, thread * 500 + 500)))
        for number in range(2_000, 2_500):
            log.info("%d", number)
            if number % 50 == 0:
                await asyncio.sleep(0)
    assert sorted(int(line["event"]) for line in lines_of(written)) == list(range(2_500))


async def test_a_workers_line_can_be_joined_to_its_request(api: Api, written: BytesIO) -> None:
    """The outbox carries the request's id to whatever follows from it, and to what follows from that."""
    browser = await api.browser()
    await browser.post(
        "/api/v1/auth/register",
        json={"email": "new@kosu.test", "password": PASSWORD, "display_name": "N"},
        headers={"X-Request-ID": "r-register"},
    )
    await api.work()
    delivered = [line for line in lines_of(written) if line["event"] == "delivered"]
    assert delivered
    assert {line["request_id"] for line in delivered} == {"r-register"}
    assert all(line["message_id"] and line["message"] for line in delivered)


async def test_nothing_secret_is_logged(api: Api, written: BytesIO) -> None:
    """Through signing up, in and out, a new password, webhooks, and an error that nobody foresaw."""
    email, new_password = "secret.person@kosu.test", "an entirely new passphrase"
    browser = await api.browser()
    account = {"email": email, "password": PASSWORD, "display_name": "Secret Person"}
    secrets = [email, PASSWORD, new_password, "Secret Person"]
    await browser.post("/api/v1/auth/register", json=account)
    await browser.post("/api/v1/auth/register", json=account)
    answer = await browser.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    secrets += [answer.json()["access_token"], *browser.cookies.values()]
    await browser.post("/api/v1/auth/refresh")
    secrets += browser.cookies.values()
    await browser.post("/api/v1/auth/password/forgot", json={"email": email})
    token = await api.mailed_token("Set a new password")
    secrets.append(token)
    await browser.post("/api/v1/auth/password/reset", json={"token": token, "password": new_password})
    await browser.get("/api/v1/courses", params={"q": email, "token": token})
    await browser.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    await browser.post("/api/v1/webhooks/sandbox", content=b'{"email": "%s"}' % email.encode())
    request: Request[Any, Any, Any] = Request({"type": "http", "method": "GET", "path": "/", "headers": []})  # type: ignore[arg-type]
    unexpected_error(request, ValueError(f"Key (email)=({email}) already exists; {token=}"))
    settings = api.container.settings()
    log = logging.getLogger("kosu.tests")
    log.error("settings: %s %r", settings.identity, settings)
    secrets += [settings.postgres.url, settings.identity.token_keys, settings.billing.sandbox_webhook_secret]
    secrets = [secret for secret in secrets if secret]
    text = json.dumps(lines_of(written))
    assert text.count("kosu.access") > 8
    assert [secret for secret in secrets if secret in text] == []
