"""What a line of the log says."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest

from entrypoints import logs
from entrypoints.logs import JsonFormatter
from tests.support.api import Api


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
    token = logs.context.set({"request_id": "r1"})
    try:
        said = line(status=200, where=Path("here"), msg="a line\nbreak")
    finally:
        logs.context.reset(token)
    assert (said["status"], said["where"], said["request_id"], said["event"]) == (200, "here", "r1", "a line\nbreak")


def test_an_error_is_logged_with_its_way_here() -> None:
    try:
        int("many")
    except ValueError:
        said = line(exc_info=sys.exc_info())
    assert said["exception"].startswith("Traceback")
    assert said["exception"].endswith("'many'")


async def test_every_request_has_one_line(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    browser = await api.browser()
    with caplog.at_level(logging.INFO, logger="kosu.access"):
        await browser.post("/api/v1/webhooks/sandbox?secret=1", content=b"{}")
        await browser.get("/nowhere")
    records = [record.__dict__ for record in caplog.records if record.name == "kosu.access"]
    told = [(record["method"], record["path"], record["status"]) for record in records]
    assert told == [("POST", "/api/v1/webhooks/sandbox", 401), ("GET", "/nowhere", 404)]
