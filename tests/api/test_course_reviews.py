"""The states of a course over HTTP: reviews, the archive, and lessons that leave."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from kosu.modules.catalog.domain.shelves import Category
from tests.api.test_catalog import COURSE, created
from tests.api.test_learning import beat
from tests.support.api import Api, problem, running_api
from tests.support.taught import buy, make_course

PATH = "/api/v1/ops/courses"


@pytest.fixture
async def reviewing(database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """An installation whose courses operators review."""
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, course_review="true") as api:
        await api.container.catalog.ensure_categories()([Category("data", "Data", 1)])
        yield api


async def handed_in(studio: httpx.AsyncClient) -> str:
    """The id of a course in review."""
    course = await created(await studio.post("/api/v1/studio/courses", json=COURSE))
    path = f"/api/v1/studio/courses/{course['id']}"
    section = await created(await studio.post(f"{path}/sections", json={"title": "First"}))
    await created(await studio.post(f"{path}/sections/{section['id']}/lessons", json={"title": "One", "kind": "video"}))
    assert (await created(await studio.post(f"{path}/submit"), 200))["state"] == "in_review"
    return str(course["id"])


async def audited(operator: httpx.AsyncClient) -> list[str]:
    """Actions of the audit log about the catalogue, oldest first."""
    entries = (await operator.get("/api/v1/ops/audit?limit=100")).json()["items"]
    return [entry["action"] for entry in reversed(entries) if entry["action"].startswith("course")]


async def test_a_course_is_rejected_mended_and_approved(reviewing: Api) -> None:
    studio, operator = await reviewing.instructor(), await reviewing.operator()
    course_id = await handed_in(studio)
    path = f"/api/v1/studio/courses/{course_id}"
    problem(await studio.post(f"{path}/publish"), 409, "review_required")
    (waiting,) = (await operator.get(PATH, params={"state": "in_review"})).json()["items"]
    assert (waiting["id"], waiting["state"]) == (course_id, "in_review")
    assert waiting["instructor_id"] == (await studio.get("/api/v1/me")).json()["id"]

    rejected = await created(await operator.post(f"{PATH}/{course_id}/reject", json={"reason": "Too short."}), 200)
    assert (rejected["state"], rejected["rejection_reason"]) == ("draft", "Too short.")
    assert (await studio.get(path)).json()["rejection_reason"] == "Too short."
    (mine,) = (await studio.get("/api/v1/studio/courses")).json()["items"]
    assert mine["rejection_reason"] == "Too short."

    assert (await created(await studio.post(f"{path}/submit"), 200))["rejection_reason"] is None
    visitor = await reviewing.browser()
    assert (await visitor.get("/api/v1/courses")).json()["items"] == []
    for _ in range(2):
        assert (await created(await operator.post(f"{PATH}/{course_id}/approve"), 200))["state"] == "published"
    assert [card["id"] for card in (await visitor.get("/api/v1/courses")).json()["items"]] == [course_id]
    assert await audited(operator) == ["courses_viewed", "course_rejected", "course_approved"]


async def test_a_course_is_taken_back_from_review(reviewing: Api) -> None:
    studio, operator = await reviewing.instructor(), await reviewing.operator()
    course_id = await handed_in(studio)
    path = f"/api/v1/studio/courses/{course_id}"
    problem(await (await reviewing.instructor()).post(f"{path}/withdraw"), 403, "not_course_owner")
    for _ in range(2):
        assert (await created(await studio.post(f"{path}/withdraw"), 200))["state"] == "draft"
    document = problem(await operator.post(f"{PATH}/{course_id}/approve"), 409, "course_state_conflict")
    assert document["state"] == "draft"
    problem(await operator.post(f"{PATH}/{course_id}/reject", json={"reason": "No."}), 409, "course_state_conflict")


async def test_without_review_instructors_publish_by_themselves(api: Api) -> None:
    """As in embedded mode, and where nothing is said about it."""
    course = await make_course(api)
    assert (await (await api.browser()).get(f"/api/v1/courses/{course.slug}")).status_code == 200


async def test_reviews_are_for_operators(api: Api) -> None:
    for browser in (await api.learner(), await api.instructor()):
        problem(await browser.get(PATH), 403, "role_required")
        problem(await browser.post(f"{PATH}/{uuid4()}/approve"), 403, "role_required")
        problem(await browser.post(f"{PATH}/{uuid4()}/reject", json={"reason": "No."}), 403, "role_required")
    problem(await (await api.browser()).get(PATH), 401, "sign_in_required")


async def test_a_review_that_makes_no_sense_is_refused(reviewing: Api) -> None:
    course_id, operator = await handed_in(await reviewing.instructor()), await reviewing.operator()
    reject = f"{PATH}/{course_id}/reject"
    for reason in ("", " ", "x" * 2_001, "a\0b"):
        problem(await operator.post(reject, json={"reason": reason}), 422, "course_invalid")
    for body in (b"{}", b'{"reason": null}', b'{"reason": "\\ud800"}', b"[", b'{"reason": "\xff"}'):
        answer = await operator.post(reject, content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, (body, answer.text)
    problem(await operator.post(reject, json={"reason": "x" * 1_100_000}), 413, "payload_too_large")
    problem(await operator.post(f"{PATH}/{uuid4()}/reject", json={"reason": "No."}), 404, "course_not_found")
    problem(await operator.post(f"{PATH}/{uuid4()}/approve"), 404, "course_not_found")
    assert (await operator.post(f"{PATH}/not-an-id/approve")).status_code == 404
    problem(await operator.get(PATH, params={"state": "lost"}), 400, "validation_failed")
    problem(await operator.get(PATH, params={"limit": 101}), 400, "validation_failed")
    problem(await operator.get(PATH, params={"cursor": "\0"}), 422, "invalid_cursor")
    assert (await operator.get(PATH, params={"state": "in_review"})).json()["items"][0]["id"] == course_id


async def test_an_archived_course_plays_on_for_its_learners(api: Api) -> None:
    course = await make_course(api)
    learner, operator = await api.learner(), await api.operator()
    await buy(api, learner, course)
    assert (await created(await operator.post(f"/api/v1/studio/courses/{course.id}/archive"), 200))["state"] == (
        "archived"
    )
    assert (await learner.get(f"/api/v1/courses/{course.slug}")).json()["access"]["state"] == "enrolled"
    assert (await learner.get(f"/api/v1/lessons/{course.video}/playback")).status_code == 200
    other = await api.learner()
    problem(await other.get(f"/api/v1/courses/{course.slug}"), 404, "course_not_found")
    assert (await other.get("/api/v1/courses")).json()["items"] == []
    again = await created(await operator.post(f"/api/v1/studio/courses/{course.id}/publish"), 200)
    assert again["state"] == "published"


async def test_progress_and_notes_outlive_the_removal_of_their_lesson(api: Api) -> None:
    course = await make_course(api)
    learner, operator = await api.learner(), await api.operator()
    await buy(api, learner, course)
    watched = beat(1, [0, 50_000], position_ms=50_000)
    assert (await learner.put(f"/api/v1/lessons/{course.video}/progress", json=watched)).status_code == 204
    notes = f"/api/v1/lessons/{course.video}/notes"
    note = await created(await learner.post(notes, json={"at_ms": 1_000, "body": "Remember this"}))
    studio = f"/api/v1/studio/courses/{course.id}"
    (section,) = (await operator.get(studio)).json()["curriculum"]
    assert (await operator.delete(f"{studio}/sections/{section['id']}/lessons/{course.video}")).status_code == 204

    progress = (await learner.get(f"/api/v1/courses/{course.slug}/progress")).json()
    assert [lesson["id"] for lesson in progress["lessons"]] == [course.preview, course.text]
    assert (await learner.get(notes)).json()["items"] == [note]
    assert (await learner.get("/api/v1/me/notes", params={"q": "remember"})).json()["items"] == [note]
    await api.container.learning.flush_progress()()
    exported = (await learner.get("/api/v1/me/export")).json()
    assert course.video in str(exported)
    problem(await learner.get(f"/api/v1/lessons/{course.video}/playback"), 404, "lesson_not_found")
