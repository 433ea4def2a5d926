"""Operators' view of assets over HTTP, and what owners are told where no worker is online."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kosu.adapters.memory.object_store import MemoryObjectStore
from kosu.adapters.system import SystemClock
from kosu.modules.identity.domain.viewer import INSTRUCTOR, LEARNER
from tests.support.api import Api, problem
from tests.support.counting import counted
from tests.support.media_api import ASSETS, running_media_api, started, uploaded

OPS = "/api/v1/ops/media"


@pytest.fixture
def store() -> MemoryObjectStore:
    return MemoryObjectStore(SystemClock())


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path, store: MemoryObjectStore) -> AsyncIterator[Api]:
    async with running_media_api(tmp_path, database_url=database, redis_url=redis_url, store=store) as running:
        yield running


async def test_operators_see_what_is_stuck_first(api: Api, store: MemoryObjectStore) -> None:
    instructor, operator = await api.instructor(), await api.operator()
    queued = await uploaded(instructor, store, b"....ftypisom" + bytes(1000))
    uploading = (await started(instructor, 1000))["asset_id"]

    first = (await operator.get(OPS, params={"limit": 1})).json()
    second = (await operator.get(OPS, params={"limit": 1, "cursor": first["next_cursor"]})).json()

    (item,) = first["items"]
    assert (item["id"], item["state"], item["waiting_for"]) == (queued, "queued", "worker")
    assert item["owner_id"] == (await instructor.get("/api/v1/me")).json()["id"]
    assert first["worker_online"] is False
    assert [item["id"] for item in second["items"]] == [uploading]
    assert second["next_cursor"] is None
    only = (await operator.get(OPS, params={"state": "uploading"})).json()
    assert [item["id"] for item in only["items"]] == [uploading]


async def test_looking_and_steering_are_audited(api: Api, store: MemoryObjectStore) -> None:
    instructor, operator = await api.instructor(), await api.operator()
    asset_id = await uploaded(instructor, store, b"....ftypisom" + bytes(1000))
    await operator.get(OPS, params={"state": "failed"})
    for change in ("cancel", "retry"):
        assert (await operator.post(f"{ASSETS}/{asset_id}/{change}")).status_code == 202
    body = {"content": b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello", "headers": {"Content-Type": "text/vtt"}}
    assert (await operator.put(f"{ASSETS}/{asset_id}/captions/en", **body)).status_code == 204  # type: ignore[arg-type]
    assert (await operator.delete(f"{ASSETS}/{asset_id}/captions/en")).status_code == 204

    entries = (await operator.get("/api/v1/ops/audit", params={"limit": 100})).json()["items"]

    own = (await operator.get("/api/v1/me")).json()["id"]
    media = [entry for entry in entries if entry["action"].startswith(("media", "captions"))]
    assert [entry["action"] for entry in reversed(media)] == [
        *("media_viewed", "media_cancelled", "media_retried", "captions_changed", "captions_changed")
    ]
    assert {entry["actor_id"] for entry in media} == {own}
    assert media[-1]["detail"] == {"state": "failed"}
    assert {entry["detail"]["asset_id"] for entry in media[:-1]} == {asset_id}


@pytest.mark.parametrize("role", [LEARNER, INSTRUCTOR])
async def test_list_is_for_operators_only(api: Api, role: str) -> None:
    problem(await (await api.signed_in(role)).get(OPS), 403, "role_required")
    problem(await (await api.browser()).get(OPS), 401, "sign_in_required")


async def test_parameters_that_make_no_sense_are_refused(api: Api) -> None:
    operator = await api.operator()

    problem(await operator.get(OPS, params={"state": "sleeping"}), 400, "validation_failed")
    problem(await operator.get(OPS, params={"cursor": "nonsense"}), 422, "invalid_cursor")
    problem(await operator.get(OPS, params={"limit": 101}), 400, "validation_failed")


async def test_owner_is_told_and_no_statement_more_is_spent(api: Api, store: MemoryObjectStore) -> None:
    """An asset is polled for as long as it waits."""
    browser = await api.instructor()
    queued = await uploaded(browser, store, b"....ftypisom" + bytes(1000))
    uploading = (await started(browser, 1000))["asset_id"]
    spent = {}
    for asset_id in (queued, uploading, queued, uploading):
        with counted() as trips:
            asset = (await browser.get(f"{ASSETS}/{asset_id}")).json()
        spent[asset_id] = (trips.postgres, trips.redis, asset["waiting_for"])

    postgres, redis, _ = spent[uploading]
    assert spent == {uploading: (postgres, redis, None), queued: (postgres, redis + 1, "worker")}
