"""From an upload to a playable asset over HTTP; the bytes go straight to the store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from kosu.adapters.memory.media import MemoryLessonAuthors
from kosu.adapters.memory.object_store import MemoryObjectStore
from kosu.adapters.system import SystemClock, SystemIds
from kosu.ids import LessonId, UserId
from tests.support.api import Api, problem
from tests.support.media_api import ASSETS, NOWHERE, UPLOADS, a_file, running_media_api, sent, started, uploaded
from tests.support.videos import make_video


@pytest.fixture
def store() -> MemoryObjectStore:
    return MemoryObjectStore(SystemClock())


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path, store: MemoryObjectStore) -> AsyncIterator[Api]:
    async with running_media_api(tmp_path, database_url=database, redis_url=redis_url, store=store) as running:
        yield running


async def test_uploaded_video_becomes_a_ready_asset(api: Api, store: MemoryObjectStore, tmp_path: Path) -> None:
    browser = await api.instructor()
    asset_id = await uploaded(browser, store, make_video(tmp_path / "video.mp4", seconds=2).read_bytes())
    queued = (await browser.get(f"{ASSETS}/{asset_id}")).json()
    assert (queued["state"], queued["percent"], queued["playable"]) == ("queued", 0, False)

    await api.work()

    asset = (await browser.get(f"{ASSETS}/{asset_id}")).json()
    assert (asset["state"], asset["percent"], asset["playable"], asset["error"]) == ("ready", 100, True, None)
    assert [step["name"] for step in asset["steps"]] == [
        *("download", "inspect", "thumbnail", "hls", "mp4", "upload", "cleanup")
    ]
    assert {step["state"] for step in asset["steps"]} == {"done"}
    assert asset["media"] == {"duration_ms": 2000, "width": 320, "height": 180, "fps": 30.0, "audio": True}
    assert [rendition["name"] for rendition in asset["renditions"]] == ["180p", "audio"]
    keys = await store.list_keys(f"media/v/{asset_id}/1/")
    assert {"master.m3u8", "poster.jpg", "video.mp4"} <= {key.rpartition("/")[2] for key in keys}


async def test_preview_comes_with_cookies_for_its_owner_alone(
    api: Api, store: MemoryObjectStore, tmp_path: Path
) -> None:
    browser = await api.instructor()
    asset_id = await uploaded(browser, store, make_video(tmp_path / "video.mp4", seconds=1).read_bytes())
    problem(await browser.get(f"{ASSETS}/{asset_id}/preview"), 409, "not_ready")
    await api.work()

    answer = await browser.get(f"{ASSETS}/{asset_id}/preview")

    assert answer.status_code == 200, answer.text
    assert answer.json()["is_published"]
    assert answer.json()["hls_url"].endswith(f"/media/v/{asset_id}/1/master.m3u8")
    assert answer.headers["cache-control"] == "private, no-store"
    signed = [cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith("CloudFront-")]
    assert len(signed) == 4
    assert all(f"Path=/media/v/{asset_id}/" in cookie and "HttpOnly" in cookie for cookie in signed)
    problem(await (await api.instructor()).get(f"{ASSETS}/{asset_id}/preview"), 404, "asset_not_found")


async def test_unchanged_asset_is_not_sent_twice(api: Api, store: MemoryObjectStore) -> None:
    browser = await api.instructor()
    upload = await started(browser, 1000)
    asset = f"{ASSETS}/{upload['asset_id']}"
    etag = (await browser.get(asset)).headers["etag"]

    unchanged = await browser.get(asset, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", etag)

    assert (await browser.post(f"{asset}/cancel")).status_code == 202
    assert (await browser.get(asset, headers={"If-None-Match": etag})).json()["state"] == "cancelled"


async def test_cancelled_run_is_tried_again(api: Api, store: MemoryObjectStore) -> None:
    browser = await api.instructor()
    asset_id = await uploaded(browser, store, b"....ftypisom" + bytes(1000))

    for change, state in (("cancel", "cancelled"), ("retry", "queued")):
        answer = await browser.post(f"{ASSETS}/{asset_id}/{change}")
        assert (answer.status_code, answer.json()) == (202, {"asset_id": asset_id})
        assert (await browser.get(f"{ASSETS}/{asset_id}")).json()["state"] == state


async def test_same_file_resumes_with_200_and_its_parts(api: Api, store: MemoryObjectStore) -> None:
    browser = await api.instructor()
    upload = await started(browser, 1000, fingerprint="f")
    await sent(browser, store, upload, bytes(1000))

    answer = await browser.post(UPLOADS, json=a_file(1000, fingerprint="f"))

    assert answer.status_code == 200
    assert answer.json()["id"] == upload["id"]
    assert answer.json()["uploaded_parts"] == [{"part_number": 1, "size_bytes": 1000}]
    assert (await browser.get(f"{UPLOADS}/{upload['id']}")).json() == answer.json() | {"state": "uploading"}


async def test_incomplete_upload_names_the_missing_parts(api: Api) -> None:
    browser = await api.instructor()
    upload = await started(browser, 17 * 1024 * 1024)

    answer = await browser.post(f"{UPLOADS}/{upload['id']}/complete")

    assert problem(answer, 409, "upload_incomplete")["missing_parts"] == [1, 2, 3]


async def test_text_named_mp4_is_no_video(api: Api, store: MemoryObjectStore) -> None:
    browser = await api.instructor()
    upload = await started(browser, 9)
    await sent(browser, store, upload, b"some text")

    problem(await browser.post(f"{UPLOADS}/{upload['id']}/complete"), 422, "not_a_video")

    assert not await store.list_keys("")


async def test_aborted_upload_is_closed(api: Api) -> None:
    browser = await api.instructor()
    upload = await started(browser, 1000)

    for _ in range(2):
        assert (await browser.delete(f"{UPLOADS}/{upload['id']}")).status_code == 204

    answer = await browser.post(f"{UPLOADS}/{upload['id']}/parts", json={"part_numbers": [1]})
    assert problem(answer, 409, "upload_closed")["state"] == "aborted"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"size_bytes": 0}, 422, "empty_file"),
        ({"size_bytes": 10**15}, 413, "file_too_large"),
        ({"size_bytes": -1}, 400, "validation_failed"),
        ({"filename": ""}, 422, "invalid_filename"),
        ({"filename": "a\0.mp4"}, 422, "invalid_filename"),
        ({"filename": "x" * 256}, 422, "invalid_filename"),
        ({"filename": 5}, 400, "validation_failed"),
        ({"content_type": "a\r\nb"}, 422, "invalid_content_type"),
        ({"fingerprint": "x" * 201}, 422, "invalid_fingerprint"),
        ({"lesson_id": NOWHERE}, 403, "upload_forbidden"),
    ],
)
async def test_refused_files_have_a_stable_code(api: Api, changes: dict[str, Any], status: int, code: str) -> None:
    browser = await api.instructor()

    problem(await browser.post(UPLOADS, json=a_file(1000) | changes), status, code)


async def test_quota_tells_what_is_used(api: Api) -> None:
    browser = await api.instructor()
    quota = api.container.settings().media.upload_quota_bytes
    most = api.container.settings().media.max_upload_bytes
    for _ in range(quota // most):
        await started(browser, most)

    answer = problem(await browser.post(UPLOADS, json=a_file(most)), 409, "upload_quota_exceeded")

    assert (answer["limit_bytes"], answer["used_bytes"]) == (quota, quota // most * most)
    operator = await api.operator()
    for _ in range(quota // most + 1):
        await started(operator, most)


async def test_learners_do_not_upload(api: Api) -> None:
    problem(await (await api.learner()).post(UPLOADS, json=a_file(1000)), 403, "upload_forbidden")
    problem(await (await api.browser()).post(UPLOADS, json=a_file(1000)), 401, "sign_in_required")


async def test_uploads_and_assets_of_others_do_not_exist(api: Api) -> None:
    upload = await started(await api.instructor(), 1000)
    other = await api.instructor()

    problem(await other.get(f"{UPLOADS}/{upload['id']}"), 404, "upload_not_found")
    problem(await other.delete(f"{UPLOADS}/{upload['id']}"), 404, "upload_not_found")
    problem(await other.get(f"{ASSETS}/{upload['asset_id']}"), 404, "asset_not_found")
    problem(await other.get(f"{ASSETS}/{NOWHERE}"), 404, "asset_not_found")
    assert (await (await api.operator()).get(f"{ASSETS}/{upload['asset_id']}")).status_code == 200


async def test_failed_run_tells_why_and_whether_to_try_again(api: Api, store: MemoryObjectStore) -> None:
    browser = await api.instructor()
    asset = f"{ASSETS}/{await uploaded(browser, store, b'....ftypisom' + bytes(1000))}"
    await api.work()

    failed = (await browser.get(asset)).json()

    assert (failed["state"], failed["step"]) == ("failed", "inspect")
    assert (failed["error"]["code"], failed["error"]["retryable"]) == ("source_truncated", False)
    assert failed["error"]["hint"]
    problem(await browser.post(f"{asset}/retry"), 409, "not_retryable")
    problem(await browser.post(f"{asset}/cancel"), 409, "nothing_to_cancel")


async def test_lesson_of_ones_own_takes_one_asset(api: Api) -> None:
    browser = await api.instructor()
    user_id = (await browser.get("/api/v1/me")).json()["id"]
    lesson_id = SystemIds().new()
    authors = api.container.lesson_authors()
    assert isinstance(authors, MemoryLessonAuthors)
    authors.allow(UserId(UUID(user_id)), LessonId(lesson_id))

    first = await started(browser, 1000, lesson_id=str(lesson_id))
    second = await started(browser, 2000, lesson_id=str(lesson_id))

    assert first["asset_id"] == second["asset_id"]
