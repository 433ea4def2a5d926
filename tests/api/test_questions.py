"""Questions and answers over HTTP: to whom they open, who may change what, and what nobody gets past."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.api import Api, problem
from tests.support.taught import DURATION_MS, Course, buy, make_course


@pytest.fixture
async def studio(api: Api) -> httpx.AsyncClient:
    return await api.signed_in(email=await api.account("instructor", name="Ines"))


@pytest.fixture
async def course(api: Api, studio: httpx.AsyncClient) -> Course:
    return await make_course(api, studio=studio)


@pytest.fixture
async def learner(api: Api, course: Course) -> httpx.AsyncClient:
    browser = await api.signed_in(email=await api.account(name="Ada"))
    await buy(api, browser, course)
    return browser


@pytest.fixture
async def other(api: Api, course: Course) -> httpx.AsyncClient:
    browser = await api.signed_in(email=await api.account(name="Grace"))
    await buy(api, browser, course)
    return browser


async def asked(browser: httpx.AsyncClient, lesson_id: str, **body: Any) -> dict[str, Any]:
    answer = await browser.post(f"/api/v1/lessons/{lesson_id}/questions", json={"body": "Why?"} | body)
    assert answer.status_code == 201, answer.text
    question: dict[str, Any] = answer.json()
    return question


async def answered(browser: httpx.AsyncClient, question: dict[str, Any], body: str = "Because") -> dict[str, Any]:
    answer = await browser.post(f"/api/v1/questions/{question['id']}/answers", json={"body": body})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def read(browser: httpx.AsyncClient, question: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await browser.get(f"/api/v1/questions/{question['id']}")).json()
    return found


async def test_a_question_is_asked_answered_and_the_answer_accepted(
    api: Api, learner: httpx.AsyncClient, studio: httpx.AsyncClient, course: Course
) -> None:
    question = await asked(learner, course.video, title="왜?", body="<script>", at_ms=83_500)
    assert (question["title"], question["body"], question["at_ms"]) == ("왜?", "<script>", 83_500)
    assert question["deep_link"] == f"/learn/{course.slug}/{course.video}?t=83500"
    assert (question["author"], question["mine"], question["answers"]) == ({"display_name": "Ada"}, True, [])
    answer = await answered(studio, question)
    assert (answer["by_instructor"], answer["author"], answer["accepted"]) == (True, {"display_name": "Ines"}, False)
    accepted = await learner.post(f"/api/v1/questions/{question['id']}/accept", json={"answer_id": answer["id"]})
    assert accepted.status_code == 200
    thread = accepted.json()
    assert (thread["accepted_answer_id"], thread["answer_count"], thread["answered"]) == (answer["id"], 1, True)
    (shown,) = thread["answers"]
    assert (shown["id"], shown["accepted"], shown["by_instructor"], shown["mine"]) == (answer["id"], True, True, False)
    assert (await learner.get(f"/api/v1/lessons/{course.video}/questions")).json()["items"] == [thread]
    told = [message for message in await messages(api) if message[0] == "learning.QuestionAnswered"]
    assert [(payload["question_id"], payload["answer_id"]) for _, payload in told] == [(question["id"], answer["id"])]


async def messages(api: Api) -> list[tuple[str, dict[str, Any]]]:
    async with api.container.pool().connection() as connection:
        cursor = await connection.execute("SELECT name, payload FROM messaging.outbox")
        return [(name, payload) for name, payload in await cursor.fetchall()]


async def test_questions_open_with_their_lesson(api: Api, learner: httpx.AsyncClient, course: Course) -> None:
    question = await asked(learner, course.video)
    answer = await answered(learner, question)
    await asked(await api.learner(), course.preview)
    operator, stranger = await api.operator(), await api.learner()
    lesson, path = f"/api/v1/lessons/{course.video}/questions", f"/api/v1/questions/{question['id']}"
    assert (await operator.get(path)).status_code == 200
    for response in (
        await stranger.get(lesson),
        await stranger.post(lesson, json={"body": "x"}),
        await stranger.get(path),
        await stranger.get(f"{path}/answers"),
        await stranger.post(f"{path}/answers", json={"body": "x"}),
        await stranger.post(f"{path}/accept", json={"answer_id": None}),
        await stranger.patch(path, json={"body": "x"}),
        await stranger.patch(f"/api/v1/answers/{answer['id']}", json={"body": "x"}),
    ):
        problem(response, 403, "purchase_required")
    problem(await (await api.browser()).get(lesson), 401, "sign_in_required")
    problem(await learner.get(f"/api/v1/lessons/{uuid4()}/questions"), 404, "lesson_not_found")
    for method, missing in (("GET", ""), ("GET", "/answers"), ("DELETE", "")):
        response = await learner.request(method, f"/api/v1/questions/{uuid4()}{missing}")
        problem(response, 404, "question_not_found")


async def test_only_its_author_changes_or_removes_a_question(
    learner: httpx.AsyncClient, other: httpx.AsyncClient, studio: httpx.AsyncClient, course: Course
) -> None:
    question = await asked(learner, course.video, at_ms=5)
    path = f"/api/v1/questions/{question['id']}"
    for somebody in (other, studio):
        problem(await somebody.patch(path, json={"body": "x"}), 403, "not_author")
        problem(await somebody.delete(path), 403, "not_author")
    edited = (await learner.patch(path, json={"body": "Better", "at_ms": None})).json()
    assert (edited["body"], edited["at_ms"], edited["deep_link"][-3:] != "t=5") == ("Better", None, True)
    await answered(learner, question, "I add")
    assert (await read(learner, question))["answered"] is False
    answer = await answered(other, question)
    problem(await learner.delete(path), 409, "question_answered")
    assert (await other.delete(f"/api/v1/answers/{answer['id']}")).status_code == 204
    assert (await learner.delete(path)).status_code == 204
    problem(await learner.get(path), 404, "question_not_found")


async def test_only_its_author_changes_or_removes_an_answer(
    learner: httpx.AsyncClient, other: httpx.AsyncClient, course: Course
) -> None:
    question = await asked(learner, course.video)
    answer = await answered(other, question)
    path = f"/api/v1/answers/{answer['id']}"
    problem(await learner.patch(path, json={"body": "x"}), 403, "not_author")
    problem(await learner.delete(path), 403, "not_author")
    assert (await other.patch(path, json={"body": "Better"})).json()["body"] == "Better"
    await learner.post(f"/api/v1/questions/{question['id']}/accept", json={"answer_id": answer["id"]})
    assert (await other.delete(path)).status_code == 204
    thread = await read(learner, question)
    assert (thread["accepted_answer_id"], thread["answer_count"], thread["answered"]) == (None, 0, False)
    for method in ("PATCH", "DELETE"):
        problem(await other.request(method, path, json={"body": "x"}), 404, "answer_not_found")


async def test_an_answer_is_accepted_by_the_asker_or_the_instructor_alone(
    learner: httpx.AsyncClient, other: httpx.AsyncClient, studio: httpx.AsyncClient, course: Course
) -> None:
    question, another = await asked(learner, course.video), await asked(learner, course.video)
    answer, elsewhere = await answered(other, question), await answered(other, another)
    path = f"/api/v1/questions/{question['id']}/accept"
    problem(await other.post(path, json={"answer_id": answer["id"]}), 403, "not_yours_to_accept")
    problem(await learner.post(path, json={"answer_id": elsewhere["id"]}), 404, "answer_not_found")
    problem(await learner.post(path, json={"answer_id": str(uuid4())}), 404, "answer_not_found")
    problem(await learner.post(path, json={"answer_id": "x"}), 400, "validation_failed")
    problem(await learner.post(path, json={}), 400, "validation_failed")
    assert (await read(learner, question))["accepted_answer_id"] is None
    assert (await studio.post(path, json={"answer_id": answer["id"]})).json()["accepted_answer_id"] == answer["id"]
    assert (await learner.post(path, json={"answer_id": None})).json()["accepted_answer_id"] is None


async def test_the_instructor_finds_all_questions_and_those_that_wait(
    api: Api, learner: httpx.AsyncClient, studio: httpx.AsyncClient, course: Course
) -> None:
    first, second = await asked(learner, course.video), await asked(learner, course.text)
    await answered(studio, first)
    path = "/api/v1/studio/questions"

    async def found(**params: Any) -> list[str]:
        return [question["id"] for question in (await studio.get(path, params=params)).json()["items"]]

    assert await found() == [second["id"], first["id"]]
    assert await found(state="unanswered") == [second["id"]]
    assert await found(course=course.slug) == [second["id"], first["id"]]
    page = (await studio.get(path, params={"limit": 1})).json()
    assert await found(limit=1, cursor=page["next_cursor"]) == [first["id"]]
    problem(await studio.get(path, params={"course": "nowhere"}), 404, "course_not_found")
    problem(await studio.get(path, params={"course": "a\0"}), 404, "course_not_found")
    problem(await studio.get(path, params={"state": "maybe"}), 400, "validation_failed")
    problem(await learner.get(path), 403, "role_required")
    stranger = await api.instructor()
    assert (await stranger.get(path)).json()["items"] == []
    problem(await stranger.get(path, params={"course": course.slug}), 404, "course_not_found")


async def test_a_question_survives_its_lesson(
    learner: httpx.AsyncClient, studio: httpx.AsyncClient, course: Course
) -> None:
    question = await asked(learner, course.preview)
    detail = (await studio.get(f"/api/v1/studio/courses/{course.id}")).json()
    section_id = detail["curriculum"][0]["id"]
    lesson = f"/api/v1/studio/courses/{course.id}/sections/{section_id}/lessons/{course.preview}"
    assert (await studio.delete(lesson)).status_code == 204
    for browser in (learner, studio):
        assert (await read(browser, question))["lesson_title"] == "Preview"
        page = (await browser.get(f"/api/v1/lessons/{course.preview}/questions")).json()
        assert [each["id"] for each in page["items"]] == [question["id"]]
    await answered(studio, question)
    refused = await learner.post(f"/api/v1/lessons/{course.preview}/questions", json={"body": "x"})
    problem(refused, 404, "lesson_not_found")


async def test_lists_come_in_pages(learner: httpx.AsyncClient, course: Course) -> None:
    ids = [(await asked(learner, course.video, at_ms=at_ms))["id"] for at_ms in (9_000, None, 3_000)]
    path = f"/api/v1/lessons/{course.video}/questions"
    for sort, order in (("newest", [2, 1, 0]), ("moment", [1, 2, 0])):
        first = (await learner.get(path, params={"sort": sort, "limit": 2})).json()
        rest = (await learner.get(path, params={"sort": sort, "limit": 2, "cursor": first["next_cursor"]})).json()
        assert [each["id"] for each in first["items"] + rest["items"]] == [ids[number] for number in order]
    question = {"id": ids[0]}
    answers = [(await answered(learner, question))["id"] for _ in range(5)]
    assert [each["id"] for each in (await read(learner, question))["answers"]] == answers[:3]
    path = f"/api/v1/questions/{ids[0]}/answers"
    first = (await learner.get(path, params={"limit": 3})).json()
    rest = (await learner.get(path, params={"limit": 3, "cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in first["items"] + rest["items"]] == answers


BAD_QUESTIONS: list[tuple[dict[str, Any], int, str]] = [
    ({"body": ""}, 422, "question_invalid"),
    ({"body": " \n"}, 422, "question_invalid"),
    ({"body": "x" * 20_001}, 422, "question_invalid"),
    ({"body": "a\0b"}, 422, "question_invalid"),
    ({"body": "x", "title": "a\0"}, 422, "question_invalid"),
    ({"body": "x", "title": "a\nb"}, 422, "question_invalid"),
    ({"body": "x", "title": "x" * 201}, 422, "question_invalid"),
    ({"body": "x", "at_ms": -1}, 422, "question_invalid"),
    ({"body": "x", "at_ms": DURATION_MS + 1}, 422, "question_invalid"),
    ({"body": "x", "at_ms": 10**30}, 422, "question_invalid"),
    ({"body": "x", "at_ms": 1.5}, 400, "validation_failed"),
    ({"body": None}, 400, "validation_failed"),
    ({}, 400, "validation_failed"),
    ({"body": "x" * 1_100_000}, 413, "payload_too_large"),
]


async def test_a_question_that_cannot_be_kept_is_refused(learner: httpx.AsyncClient, course: Course) -> None:
    path = f"/api/v1/lessons/{course.video}/questions"
    for body, status, code in BAD_QUESTIONS:
        problem(await learner.post(path, json=body), status, code)
    # A text has no moments.
    text = await learner.post(f"/api/v1/lessons/{course.text}/questions", json={"body": "x", "at_ms": 0})
    problem(text, 422, "question_invalid")
    surrogate = await learner.post(path, content=b'{"body":"\\ud800"}', headers={"Content-Type": "application/json"})
    problem(surrogate, 400, surrogate.json()["code"])
    question = await asked(learner, course.video)
    for body, status, code in (
        ({"at_ms": DURATION_MS + 1}, 422, "question_invalid"),
        ({"body": ""}, 422, "question_invalid"),
    ):
        problem(await learner.patch(f"/api/v1/questions/{question['id']}", json=body), status, code)
    for text_of_answer in ("", "a\0", "x" * 20_001):
        refused = await learner.post(f"/api/v1/questions/{question['id']}/answers", json={"body": text_of_answer})
        problem(refused, 422, "question_invalid")


async def test_a_made_up_cursor_is_refused(
    learner: httpx.AsyncClient, studio: httpx.AsyncClient, course: Course
) -> None:
    question = await asked(learner, course.video)
    for browser, path in (
        (learner, f"/api/v1/lessons/{course.video}/questions"),
        (learner, f"/api/v1/questions/{question['id']}/answers"),
        (studio, "/api/v1/studio/questions"),
    ):
        for rubbish in ("x", "A" * 32, "\0"):
            problem(await browser.get(path, params={"cursor": rubbish}), 422, "invalid_cursor")
