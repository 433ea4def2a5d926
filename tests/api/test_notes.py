"""Notes over HTTP, as the editor of several tabs keeps them, and as a document to take away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from kosu.ids import LessonId
from tests.support.api import Api, problem, running_api
from tests.support.learning import publish_media
from tests.support.taught import Course, buy, make_course

WEB_URL = "https://learn.test"


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, web_url=WEB_URL) as running:
        yield running


@pytest.fixture
async def course(api: Api) -> Course:
    return await make_course(api)


@pytest.fixture
async def learner(api: Api, course: Course) -> httpx.AsyncClient:
    browser = await api.learner()
    await buy(api, browser, course)
    return browser


async def written(learner: httpx.AsyncClient, lesson_id: str, body: str = "Remember", at_ms: int = 0) -> httpx.Response:
    answer = await learner.post(f"/api/v1/lessons/{lesson_id}/notes", json={"at_ms": at_ms, "body": body})
    assert answer.status_code == 201, answer.text
    return answer


async def test_an_edit_names_the_version_that_it_changes(learner: httpx.AsyncClient, course: Course) -> None:
    answer = await written(learner, course.video)
    path, etag = f"/api/v1/notes/{answer.json()['id']}", answer.headers["etag"]
    assert (etag, answer.json()["version"]) == ('"1"', 1)
    assert (await learner.get(path)).headers["etag"] == etag
    edited = await learner.patch(path, json={"body": "Mine"}, headers={"If-Match": etag})
    assert (edited.status_code, edited.headers["etag"]) == (200, '"2"')

    refused = problem(
        await learner.patch(path, json={"body": "Other"}, headers={"If-Match": etag}), 412, "note_changed"
    )
    assert refused["note"] == edited.json() == (await learner.get(path)).json()
    problem(await learner.delete(path, headers={"If-Match": etag}), 412, "note_changed")
    # The answer was lost, and the same edit is sent again.
    again = await learner.patch(path, json={"body": "Mine"}, headers={"If-Match": etag})
    assert (again.status_code, again.headers["etag"]) == (200, '"2"')
    for unknown in ('W/"2"', "2", "rubbish", "", '"9999999999999999999"', '"x", W/"2"'):
        problem(await learner.patch(path, json={"body": "Other"}, headers={"If-Match": unknown}), 412, "note_changed")
    for number, known in enumerate(("*", '"7", "3"'), start=3):
        kept = await learner.patch(path, json={"body": f"Version {number}"}, headers={"If-Match": known})
        assert (kept.status_code, kept.headers["etag"]) == (200, f'"{number}"')
    last = await learner.patch(path, json={"body": "Last one wins"})
    assert last.status_code == 200
    assert (await learner.delete(path, headers={"If-Match": last.headers["etag"]})).status_code == 204
    for missing in ({}, {"If-Match": "*"}):
        problem(await learner.patch(path, json={"body": "x"}, headers=missing), 404, "note_not_found")


async def test_two_tabs_never_overwrite_one_another_unseen(learner: httpx.AsyncClient, course: Course) -> None:
    """Each change that was taken is the ground of the next one; all others are told so."""
    note = (await written(learner, course.video, "start")).json()
    path = f"/api/v1/notes/{note['id']}"
    taken: list[str] = []

    async def tab(name: str) -> None:
        for number in range(8):
            shown = await learner.get(path)
            body = f"{shown.json()['body']} {name}{number}"
            answer = await learner.patch(path, json={"body": body}, headers={"If-Match": shown.headers["etag"]})
            if answer.status_code == 200:
                taken.append(f"{name}{number}")
            else:
                problem(answer, 412, "note_changed")

    await asyncio.gather(tab("a"), tab("b"), tab("c"))
    final = (await learner.get(path)).json()
    assert sorted(final["body"].split()[1:]) == sorted(taken)
    assert final["version"] == 1 + len(taken)


async def test_a_note_is_its_authors_alone(api: Api, learner: httpx.AsyncClient, course: Course) -> None:
    path = f"/api/v1/notes/{(await written(learner, course.video)).json()['id']}"
    for stranger in (await api.learner(), await api.operator()):
        problem(await stranger.get(path), 404, "note_not_found")
        problem(await stranger.delete(path, headers={"If-Match": '"1"'}), 404, "note_not_found")
        assert course.video not in (await stranger.get("/api/v1/me/notes/export")).text
    problem(await learner.get(f"/api/v1/notes/{uuid4()}"), 404, "note_not_found")
    problem(await (await api.browser()).get(path), 401, "sign_in_required")


async def test_a_note_survives_a_new_revision_of_the_video(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    note = (await written(learner, course.video, at_ms=83_500)).json()
    await publish_media(
        api.container.media_transaction(),
        LessonId(UUID(course.video)),
        at=api.container.clock().now(),
        ids=api.container.ids(),
        revision=2,
        duration_ms=50_000,
    )
    answer = await learner.get(f"/api/v1/notes/{note['id']}")
    assert answer.json() == note | {"stale": True}
    # What another revision plays is no edit of the note.
    edited = await learner.patch(f"/api/v1/notes/{note['id']}", json={"body": "x"}, headers={"If-Match": '"1"'})
    assert (edited.json()["at_ms"], edited.json()["stale"]) == (83_500, True)
    document = (await learner.get("/api/v1/me/notes/export")).text
    assert "t=83500) (the video has changed since)" in document


async def test_words_are_searched_in_korean_and_english(learner: httpx.AsyncClient, course: Course) -> None:
    await written(learner, course.video, "경사 하강법 Gradient Descent")
    await written(learner, course.video, "하강")

    async def found(q: str) -> int:
        return len((await learner.get("/api/v1/me/notes", params={"q": q})).json()["items"])

    assert [await found(q) for q in ("하강", "하강 GRADIENT", "경사 없음", "\0", "%")] == [2, 1, 0, 2, 0]


HOSTILE = (
    "# Heading\n```\nnever closed\r> quoted\r\n<!-- never closed\n<script>alert(1)</script>\n[x]: https://evil.test"
)


async def test_notes_leave_as_a_document_in_order(api: Api, learner: httpx.AsyncClient, course: Course) -> None:
    await written(learner, course.text, "In the text")
    await written(learner, course.video, "Later", at_ms=83_500)
    await written(learner, course.video, HOSTILE, at_ms=1_000)
    answer = await learner.get("/api/v1/me/notes/export", params={"course": course.slug, "format": "markdown"})
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="notes-{course.slug}.md"'
    link = f"{WEB_URL}/learn/{course.slug}"
    quoted = "\n".join(f"> {line}" for line in HOSTILE.splitlines())
    assert answer.text == (
        "# Notes\n\n## Data\n\n### Video\n\n"
        f"[0:01]({link}/{course.video}?t=1000)\n\n{quoted}\n\n"
        f"[1:23]({link}/{course.video}?t=83500)\n\n> Later\n\n"
        f"### Text\n\n[0:00]({link}/{course.text}?t=0)\n\n> In the text\n\n"
    )
    everything = await learner.get("/api/v1/me/notes/export")
    assert (everything.text, "notes.md" in everything.headers["content-disposition"]) == (answer.text, True)
    export = "/api/v1/me/notes/export"
    problem(await learner.get(export, params={"course": "nowhere"}), 404, "course_not_found")
    problem(await learner.get(export, params={"course": 'a"\r\nX: y'}), 404, "course_not_found")
    problem(await learner.get(export, params={"format": "pdf"}), 400, "validation_failed")
    problem(await (await api.browser()).get(export), 401, "sign_in_required")


async def test_a_megabyte_of_notes_leaves_whole(learner: httpx.AsyncClient, course: Course) -> None:
    body = "x" * 9_000
    for number in range(120):
        await written(learner, course.video, f"{number} {body}")
    document = (await learner.get("/api/v1/me/notes/export")).text
    assert len(document) > 1_000_000
    assert [int(line.split()[1]) for line in document.splitlines() if line.startswith("> ")] == list(range(120))


async def test_a_note_as_large_as_a_body_may_be_is_refused(learner: httpx.AsyncClient, course: Course) -> None:
    note: dict[str, Any] = (await written(learner, course.video, "<script>alert(1)</script>")).json()
    assert note["body"] == "<script>alert(1)</script>"
    path = f"/api/v1/notes/{note['id']}"
    problem(await learner.patch(path, json={"body": "x" * 1_000_000}), 422, "note_invalid")
    problem(await learner.patch(path, json={"body": "x" * 1_100_000}), 413, "payload_too_large")
    problem(await learner.patch(path, json={"body": "a\0"}), 422, "note_invalid")
    assert (await learner.get(path)).json() == note
