"""Learning over HTTP: enrolling, opening, watching on two devices, and notes."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from dependency_injector.providers import Object

from kosu.adapters.memory.progress_buffer import MemoryProgressBuffer
from kosu.adapters.system import SystemClock
from kosu.modules.learning.jobs import FlushProgress
from tests.support.api import Api, problem, running_api
from tests.support.taught import DURATION_MS, Course, buy, make_course


def beat(seq: int, *watched: list[int], position_ms: int, **more: Any) -> dict[str, Any]:
    return {"seq": seq, "watched": list(watched), "position_ms": position_ms, "media_revision": 1} | more


@pytest.fixture
async def course(api: Api) -> Course:
    return await make_course(api)


@pytest.fixture
async def learner(api: Api, course: Course) -> httpx.AsyncClient:
    """A learner who has bought the course."""
    browser = await api.learner()
    await buy(api, browser, course)
    return browser


async def test_playback_comes_with_signed_cookies_for_its_own_path(learner: httpx.AsyncClient, course: Course) -> None:
    answer = await learner.get(f"/api/v1/lessons/{course.video}/playback")
    assert answer.status_code == 200
    playback = answer.json()
    assert playback.keys() == {
        "hls_url",
        "mp4_url",
        "poster_url",
        "storyboard_url",
        "captions",
        "duration_ms",
        "media_revision",
        "resume_position_ms",
        "watched",
        "expires_at",
    }
    assert (playback["duration_ms"], playback["resume_position_ms"]) == (DURATION_MS, 0)
    cookies = [cookie for cookie in answer.headers.get_list("set-cookie") if cookie.startswith("CloudFront-")]
    assert {cookie.partition("=")[0] for cookie in cookies} >= {
        "CloudFront-Policy",
        "CloudFront-Signature",
        "CloudFront-Key-Pair-Id",
    }
    for cookie in cookies:
        attributes = cookie.split("; ")
        assert "HttpOnly" in attributes
        assert "SameSite=lax" in attributes
        # The media host of this test speaks plain HTTP.
        assert "Secure" not in attributes
        (path,) = (each.removeprefix("Path=") for each in attributes if each.startswith("Path="))
        assert path.startswith("/media/v/")
        assert path in playback["hls_url"]


async def test_a_locked_lesson_says_why(api: Api, course: Course) -> None:
    path = f"/api/v1/lessons/{course.video}/playback"
    problem(await (await api.browser()).get(path), 403, "sign_in_required")
    refusal = problem(await (await api.learner()).get(path), 403, "purchase_required")
    assert refusal["course_slug"] == course.slug
    locked = await (await api.learner()).get(path)
    assert "set-cookie" not in locked.headers
    assert (await (await api.browser()).get(f"/api/v1/lessons/{course.preview}/playback")).status_code == 200
    problem(await (await api.browser()).get(f"/api/v1/lessons/{uuid4()}/playback"), 404, "lesson_not_found")


async def test_a_text_lesson_is_read_by_those_who_may(api: Api, learner: httpx.AsyncClient, course: Course) -> None:
    path = f"/api/v1/lessons/{course.text}"
    assert (await learner.get(path)).json()["body"] == "# Read"
    locked = (await (await api.browser()).get(path)).json()
    assert (locked["body"], locked["locked"], locked["access"]["state"]) == (None, True, "purchase_required")
    problem(await learner.get(f"{path}/playback"), 409, "not_a_video")


async def test_a_second_device_resumes_where_the_first_left_off(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    path = f"/api/v1/lessons/{course.video}"
    assert (await learner.put(f"{path}/progress", json=beat(7, [0, 42_000], position_ms=42_000))).status_code == 204
    email = (await learner.get("/api/v1/me")).json()["email"]
    phone = await api.signed_in(email=email)
    playback = (await phone.get(f"{path}/playback")).json()
    assert (playback["resume_position_ms"], playback["watched"]) == (42_000, [[0, 42_000]])
    # A device of its own counts by itself.
    await phone.put(f"{path}/progress", json=beat(1, [60_000, 70_000], position_ms=70_000))
    # Late and again:
    await learner.put(f"{path}/progress", json=beat(6, [0, 1_000], position_ms=1_000))

    async def check() -> None:
        assert (await learner.get(f"{path}/playback")).json()["resume_position_ms"] == 70_000
        progress = (await learner.get(f"/api/v1/courses/{course.slug}/progress")).json()
        assert [lesson["percent"] for lesson in progress["lessons"]] == [52, 0, 0]
        assert progress["percent"] == 17
        (entry,) = (await learner.get("/api/v1/me/enrolments")).json()["items"]
        assert (entry["slug"], entry["percent"]) == (course.slug, 17)
        assert (entry["last_lesson"], entry["position_ms"]) == ({"id": course.video, "title": "Video"}, 70_000)

    await check()
    await api.queue.enqueue(FlushProgress())
    await api.work()
    await check()


async def test_progress_goes_on_while_the_buffer_is_away(database: str, redis_url: str, tmp_path: Path) -> None:
    away = MemoryProgressBuffer(SystemClock())
    away.available = False
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, progress_buffer=Object(away)) as api:
        course = await make_course(api)
        learner = await api.learner()
        await buy(api, learner, course)
        body = beat(1, [0, 95_000], position_ms=95_000)
        assert (await learner.put(f"/api/v1/lessons/{course.video}/progress", json=body)).status_code == 204
        progress = (await learner.get(f"/api/v1/courses/{course.slug}/progress")).json()
        assert progress["lessons"][0]["percent"] == 95
        assert progress["lessons"][0]["completed_at"] is not None


BAD_HEARTBEATS = [
    (b"{}", 400),
    (b"not json", 400),
    (b'{"seq":1,"position_ms":NaN,"watched":[]}', 400),
    (b'{"seq":1,"position_ms":1.5,"watched":[]}', 400),
    (b'{"seq":1,"position_ms":0,"watched":[[1]]}', 400),
    (b'{"seq":1,"position_ms":0,"watched":[["a","b"]]}', 400),
    (b'{"seq":1,"position_ms":-1,"watched":[]}', 422),
    (b'{"seq":-1,"position_ms":0,"watched":[]}', 422),
    (b'{"seq":1,"position_ms":0,"watched":[[5,4]]}', 422),
    (b'{"seq":1,"position_ms":0,"watched":[[-5,4]]}', 422),
    (b'{"seq":1,"position_ms":99999999999999999999,"watched":[]}', 422),
    (b'{"seq":1,"position_ms":0,"watched":[' + b"[0,1]," * 500 + b"[0,1]]}", 422),
]


async def test_a_heartbeat_that_no_player_sends_is_refused(learner: httpx.AsyncClient, course: Course) -> None:
    for body, status in BAD_HEARTBEATS:
        answer = await learner.put(
            f"/api/v1/lessons/{course.video}/progress", content=body, headers={"Content-Type": "application/json"}
        )
        problem(answer, status, "progress_invalid" if status == 422 else answer.json()["code"])


async def test_nobody_reports_progress_on_what_is_locked(api: Api, course: Course) -> None:
    path = f"/api/v1/lessons/{course.video}/progress"
    body = beat(1, [0, 1_000], position_ms=1_000)
    problem(await (await api.learner()).put(path, json=body), 403, "purchase_required")
    problem(await (await api.browser()).put(path, json=body), 401, "sign_in_required")


async def test_a_text_lesson_is_marked_complete(learner: httpx.AsyncClient, course: Course) -> None:
    for _ in range(2):
        assert (await learner.post(f"/api/v1/lessons/{course.text}/complete")).status_code == 204
    lesson = (await learner.get(f"/api/v1/courses/{course.slug}/progress")).json()["lessons"][2]
    assert (lesson["id"], lesson["percent"]) == (course.text, 100)


async def test_a_free_course_is_enrolled_in_and_the_card_counts_it(api: Api) -> None:
    course = await make_course(api, amount_minor=0)
    browser = await api.learner()
    for _ in range(2):
        answer = await browser.post(f"/api/v1/courses/{course.slug}/enrol")
        assert answer.status_code == 201
        assert answer.json()["course_id"] == str(course.id)
    await api.work()
    page = (await browser.get(f"/api/v1/courses/{course.slug}")).json()
    assert (page["access"]["state"], page["enrolment_count"]) == ("enrolled", 1)


async def test_a_paid_course_is_not_enrolled_in_for_free(api: Api, course: Course) -> None:
    browser = await api.learner()
    problem(await browser.post(f"/api/v1/courses/{course.slug}/enrol"), 403, "purchase_required")
    problem(await browser.post("/api/v1/courses/nowhere/enrol"), 404, "course_not_found")


async def test_a_note_is_written_found_by_its_deep_link_changed_and_removed(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    path = f"/api/v1/lessons/{course.video}/notes"
    answer = await learner.post(path, json={"at_ms": 83_500, "body": "<b>Remember</b>", "media_revision": 1})
    assert answer.status_code == 201
    note = answer.json()
    assert note["deep_link"] == f"/learn/{course.slug}/{course.video}?t=83500"
    assert (note["stale"], note["at_ms"], note["body"]) == (False, 83_500, "<b>Remember</b>")
    assert (await learner.get(path)).json() == {"items": [note], "next_cursor": None}
    mine = await learner.get("/api/v1/me/notes", params={"course": course.slug, "q": "remem"})
    assert mine.json()["items"] == [note]

    edited = (await learner.patch(f"/api/v1/notes/{note['id']}", json={"body": "Better"})).json()
    assert (edited["body"], edited["at_ms"]) == ("Better", 83_500)
    other = await api.learner()
    problem(await other.patch(f"/api/v1/notes/{note['id']}", json={"body": "x"}), 404, "note_not_found")
    assert (await other.get("/api/v1/me/notes")).json()["items"] == []
    assert (await learner.delete(f"/api/v1/notes/{note['id']}")).status_code == 204
    assert (await learner.get("/api/v1/me/notes")).json()["items"] == []


BAD_NOTES: list[tuple[dict[str, Any], int, str]] = [
    ({"at_ms": 0, "body": ""}, 422, "note_invalid"),
    ({"at_ms": 0, "body": "x" * 20_001}, 422, "note_invalid"),
    ({"at_ms": 0, "body": "a\0b"}, 422, "note_invalid"),
    ({"at_ms": -1, "body": "x"}, 422, "note_invalid"),
    ({"at_ms": DURATION_MS + 1, "body": "x"}, 422, "note_invalid"),
    ({"at_ms": 10**30, "body": "x"}, 422, "note_invalid"),
    ({"at_ms": 0, "body": "x", "media_revision": -1}, 422, "note_invalid"),
    ({"at_ms": "now", "body": "x"}, 400, "validation_failed"),
    ({"at_ms": 0}, 400, "validation_failed"),
    ({"at_ms": 0, "body": "x" * 1_100_000}, 413, "payload_too_large"),
]


async def test_a_note_that_cannot_be_kept_is_refused(learner: httpx.AsyncClient, course: Course) -> None:
    for body, status, code in BAD_NOTES:
        problem(await learner.post(f"/api/v1/lessons/{course.video}/notes", json=body), status, code)


async def test_a_made_up_cursor_is_refused(learner: httpx.AsyncClient, course: Course) -> None:
    for path in ("/api/v1/me/notes", "/api/v1/me/enrolments", f"/api/v1/lessons/{course.video}/notes"):
        problem(await learner.get(path, params={"cursor": "made up"}), 422, "invalid_cursor")
