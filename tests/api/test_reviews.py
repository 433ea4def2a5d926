"""Reviews over HTTP: who may write one, what of it is shown and counted, and what nobody gets past."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.api import Api, problem
from tests.support.taught import Course, buy, make_course


@pytest.fixture
async def studio(api: Api) -> httpx.AsyncClient:
    return await api.instructor()


@pytest.fixture
async def course(api: Api, studio: httpx.AsyncClient) -> Course:
    return await make_course(api, studio=studio)


async def enrolled(api: Api, course: Course, name: str = "Ada") -> httpx.AsyncClient:
    learner = await api.signed_in(email=await api.account(name=name))
    await buy(api, learner, course)
    return learner


@pytest.fixture
async def learner(api: Api, course: Course) -> httpx.AsyncClient:
    return await enrolled(api, course)


def own(course: Course) -> str:
    return f"/api/v1/courses/{course.slug}/review"


async def shown(api: Api, course: Course, **params: Any) -> dict[str, Any]:
    answer = await (await api.browser()).get(f"/api/v1/courses/{course.slug}/reviews", params=params)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def rating_on_the_card(api: Api, course: Course) -> dict[str, Any]:
    await api.work()
    page = (await (await api.browser()).get(f"/api/v1/courses/{course.slug}")).json()
    rating: dict[str, Any] = page["rating"]
    return rating


async def test_a_review_is_written_changed_and_removed_and_the_card_follows(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    problem(await learner.get(own(course)), 404, "review_not_found")
    answer = await learner.put(own(course), json={"rating": 4, "body": "<b>Good</b>"})
    assert answer.status_code == 200
    written = answer.json()
    assert (written["rating"], written["body"], written["hidden_reason"]) == (4, "<b>Good</b>", None)
    page = await shown(api, course)
    assert page["histogram"] == {"1": 0, "2": 0, "3": 0, "4": 1, "5": 0}
    (review,) = page["items"]
    assert (review["id"], review["author"], review["helpful_count"]) == (written["id"], {"display_name": "Ada"}, 0)
    assert await rating_on_the_card(api, course) == {"average": 4.0, "count": 1}

    changed = (await learner.put(own(course), json={"rating": 2})).json()
    assert (changed["id"], changed["created_at"]) == (written["id"], written["created_at"])
    assert (await learner.get(own(course))).json() == changed
    assert await rating_on_the_card(api, course) == {"average": 2.0, "count": 1}
    assert (await learner.delete(own(course))).status_code == 204
    problem(await learner.delete(own(course)), 404, "review_not_found")
    assert (await shown(api, course))["items"] == []
    assert await rating_on_the_card(api, course) == {"average": None, "count": 0}


async def test_a_new_name_is_on_old_reviews(api: Api, learner: httpx.AsyncClient, course: Course) -> None:
    await learner.put(own(course), json={"rating": 4})
    await learner.patch("/api/v1/me", json={"display_name": "Grace"})
    assert (await shown(api, course))["items"][0]["author"] == {"display_name": "Grace"}


async def test_only_who_is_enrolled_reviews(api: Api, studio: httpx.AsyncClient, course: Course) -> None:
    stranger = await api.learner()
    problem(await stranger.put(own(course), json={"rating": 5}), 403, "not_enrolled")
    problem(await stranger.delete(own(course)), 403, "not_enrolled")
    problem(await studio.put(own(course), json={"rating": 5}), 403, "own_course")
    problem(await (await api.operator()).put(own(course), json={"rating": 5}), 403, "not_enrolled")
    problem(await (await api.browser()).put(own(course), json={"rating": 5}), 401, "sign_in_required")
    problem(await stranger.put("/api/v1/courses/nowhere/review", json={"rating": 5}), 404, "course_not_found")
    assert (await shown(api, course))["items"] == []


async def test_after_a_refund_a_review_stays_and_can_only_be_removed(api: Api, course: Course) -> None:
    learner = await api.learner()
    source_id = await buy(api, learner, course)
    await learner.put(own(course), json={"rating": 1, "body": "Not for me"})
    async with api.container.learning_transaction()() as records:
        await api.container.learning.facade().revoke(
            records, source="order_item", source_id=source_id, at=api.container.clock().now()
        )
    problem(await learner.put(own(course), json={"rating": 5}), 403, "not_enrolled")
    assert [review["rating"] for review in (await shown(api, course))["items"]] == [1]
    assert (await learner.delete(own(course))).status_code == 204
    problem(await learner.delete(own(course)), 403, "not_enrolled")


BAD_REVIEWS: list[tuple[bytes, int, str]] = [
    (b'{"rating":0}', 422, "review_invalid"),
    (b'{"rating":6}', 422, "review_invalid"),
    (b'{"rating":-1}', 422, "review_invalid"),
    (b'{"rating":99999999999999999999}', 422, "review_invalid"),
    (b'{"rating":4.5}', 400, "validation_failed"),
    (b'{"rating":true}', 400, "validation_failed"),
    (b'{"rating":null}', 400, "validation_failed"),
    (b"{}", 400, "validation_failed"),
    (b'{"rating":5,"body":"a\\u0000b"}', 422, "review_invalid"),
    (b'{"rating":5,"body":"' + b"x" * 5_001 + b'"}', 422, "review_invalid"),
    (b'{"rating":5,"body":"' + b"x" * 1_100_000 + b'"}', 413, "payload_too_large"),
]


async def test_a_review_that_cannot_be_kept_is_refused(api: Api, learner: httpx.AsyncClient, course: Course) -> None:
    headers = {"Content-Type": "application/json"}
    for body, status, code in BAD_REVIEWS:
        problem(await learner.put(own(course), content=body, headers=headers), status, code)
    for body in (b'{"rating":5,"body":"\\ud800"}', b'{"rating":5,"body":"\xed\xa0\x80"}', b"[" * 5_000):
        answer = await learner.put(own(course), content=body, headers=headers)
        problem(answer, 400, answer.json()["code"])
    assert (await shown(api, course))["items"] == []


async def test_reviews_are_public_cached_by_their_tag_and_come_in_pages(api: Api, course: Course) -> None:
    learners = [await enrolled(api, course, name) for name in ("Ada", "Grace", "Hedy")]
    ids = [
        (await learner.put(own(course), json={"rating": rating})).json()["id"]
        for rating, learner in zip((5, 3, 5), learners, strict=True)
    ]
    await learners[1].put(f"/api/v1/reviews/{ids[0]}/helpful")
    for sort, order in (("newest", [2, 1, 0]), ("helpful", [0, 2, 1])):
        first = await shown(api, course, sort=sort, limit=2)
        rest = await shown(api, course, sort=sort, limit=2, cursor=first["next_cursor"])
        assert [review["id"] for review in first["items"] + rest["items"]] == [ids[number] for number in order]
        assert first["histogram"] == rest["histogram"] == {"1": 0, "2": 0, "3": 1, "4": 0, "5": 2}
    visitor, path = await api.browser(), f"/api/v1/courses/{course.slug}/reviews"
    known = {"If-None-Match": (await visitor.get(path)).headers["etag"]}
    again = await visitor.get(path, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    await learners[0].put(own(course), json={"rating": 1})
    assert (await visitor.get(path, headers=known)).status_code == 200


async def test_rubbish_is_refused(api: Api, learner: httpx.AsyncClient, course: Course) -> None:
    visitor, path = await api.browser(), f"/api/v1/courses/{course.slug}/reviews"
    await learner.put(own(course), json={"rating": 5})
    await (await enrolled(api, course)).put(own(course), json={"rating": 5})
    cursor = (await shown(api, course, limit=1))["next_cursor"]
    for rubbish in ("x", "A" * 32, "é", "\0"):
        problem(await visitor.get(path, params={"cursor": rubbish}), 422, "invalid_cursor")
    problem(await visitor.get(path, params={"cursor": cursor, "sort": "helpful"}), 422, "invalid_cursor")
    problem(await visitor.get(path, params={"sort": "worst"}), 400, "validation_failed")
    problem(await visitor.get(path, params={"limit": 101}), 400, "validation_failed")
    problem(await visitor.get("/api/v1/courses/nowhere/reviews"), 404, "course_not_found")
    problem(await visitor.get("/api/v1/courses/%00/reviews"), 404, "course_not_found")


async def test_a_vote_is_for_others_reviews_and_counts_once(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    review_id = (await learner.put(own(course), json={"rating": 5})).json()["id"]
    path = f"/api/v1/reviews/{review_id}/helpful"
    problem(await learner.put(path), 403, "own_review")
    problem(await (await api.browser()).put(path), 401, "sign_in_required")
    reader, other = await api.learner(), await api.learner()
    problem(await reader.put(f"/api/v1/reviews/{uuid4()}/helpful"), 404, "review_not_found")
    answers = await asyncio.gather(*(voter.put(path) for voter in (reader, other) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {204}
    assert (await shown(api, course))["items"][0]["helpful_count"] == 2
    for _ in range(2):
        assert (await reader.delete(path)).status_code == 204
    assert (await shown(api, course))["items"][0]["helpful_count"] == 1
    await learner.put(own(course), json={"rating": 1, "body": "Changed"})
    assert (await shown(api, course))["items"][0]["helpful_count"] == 1


async def test_a_hidden_review_is_shown_to_its_author_alone_and_counts_nowhere(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    review_id = (await learner.put(own(course), json={"rating": 1, "body": "Rude"})).json()["id"]
    operator, path = await api.operator(), f"/api/v1/ops/reviews/{review_id}"
    problem(await learner.post(f"{path}/hide", json={"reason": "x"}), 403, "role_required")
    problem(await operator.post(f"{path}/hide", json={"reason": " "}), 422, "review_invalid")
    problem(await operator.post(f"{path}/hide", json={"reason": "a\0"}), 422, "review_invalid")
    problem(await operator.post(f"{path}/hide"), 400, "validation_failed")
    missing = f"/api/v1/ops/reviews/{uuid4()}"
    problem(await operator.post(f"{missing}/hide", json={"reason": "x"}), 404, "review_not_found")
    for _ in range(2):
        assert (await operator.post(f"{path}/hide", json={"reason": "Insults"})).status_code == 204
    page = await shown(api, course)
    assert (page["items"], sum(page["histogram"].values())) == ([], 0)
    assert await rating_on_the_card(api, course) == {"average": None, "count": 0}
    assert (await learner.get(own(course))).json()["hidden_reason"] == "Insults"
    problem(await (await api.learner()).put(f"/api/v1/reviews/{review_id}/helpful"), 404, "review_not_found")
    # Neither a change nor writing it anew brings it back.
    assert (await learner.put(own(course), json={"rating": 2})).json()["hidden_reason"] == "Insults"
    problem(await learner.delete(own(course)), 409, "review_hidden")
    assert (await shown(api, course))["items"] == []

    for _ in range(2):
        assert (await operator.post(f"{path}/unhide")).status_code == 204
    assert (await shown(api, course))["histogram"]["2"] == 1
    assert await rating_on_the_card(api, course) == {"average": 2.0, "count": 1}
    audit = (await operator.get("/api/v1/ops/audit")).json()["items"]
    actions = [entry["action"] for entry in audit if entry["action"].startswith("review_")]
    assert actions == ["review_shown", "review_hidden"]


async def test_a_draft_has_no_reviews(api: Api, studio: httpx.AsyncClient, course: Course) -> None:
    assert (await studio.post(f"/api/v1/studio/courses/{course.id}/archive")).status_code == 200
    visitor = await api.browser()
    problem(await visitor.get(f"/api/v1/courses/{course.slug}/reviews"), 404, "course_not_found")
