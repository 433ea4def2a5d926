"""Analytics of a course over HTTP: what is told, to whom, and what it costs."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kosu.modules.learning.jobs import FlushProgress
from tests.api.test_learning import beat
from tests.support.api import Api, problem
from tests.support.counting import counted
from tests.support.taught import Course, buy, make_course


@pytest.fixture
async def course(api: Api) -> Course:
    """With one learner, who saw the first minute of its video."""
    course = await make_course(api)
    learner = await api.learner()
    await buy(api, learner, course)
    await learner.put(f"/api/v1/lessons/{course.video}/progress", json=beat(1, [0, 60_000], position_ms=60_000))
    await api.queue.enqueue(FlushProgress())
    await api.work()
    return course


def path_of(course: Course) -> str:
    return f"/api/v1/studio/courses/{course.id}/analytics"


async def test_a_course_is_told_of_in_five_statements(api: Api, course: Course) -> None:
    operator = await api.operator()
    await operator.get(path_of(course))
    with counted() as trips:
        answer = await operator.get(path_of(course))
    assert answer.status_code == 200, answer.text
    assert trips.postgres == 5
    told = answer.json()
    assert told["enrolments"]["total"] == 1
    assert len(told["enrolments"]["by_day"]) == 30
    assert (told["active_learners"], told["average_percent"]) == (1, 20.0)
    assert (told["completion"], told["rating"]) == ({"learners": 0, "percent": 0.0}, {"average": None, "count": 0})
    video, _, text = told["lessons"]
    assert video["retention"] == {"bucket_ms": 1_000, "learners": [1] * 60 + [0] * 40}
    assert (video["begun"], video["completed"], text["retention"]) == (1, 0, None)


async def test_days_and_a_lesson_can_be_asked_for(api: Api, course: Course) -> None:
    operator = await api.operator()
    days = {"from": "2026-01-01", "to": "2026-01-31"}
    told = (await operator.get(path_of(course), params=days | {"lesson_id": course.video})).json()
    assert [day["date"] for day in told["enrolments"]["by_day"]][::30] == ["2026-01-01", "2026-01-31"]
    assert [lesson["id"] for lesson in told["lessons"]] == [course.video]
    for refused in ({"from": "2026-02-01", "to": "2026-01-01"}, {"to": "9999-12-31"}, {"from": "0001-01-01"}):
        problem(await operator.get(path_of(course), params=refused), 422, "window_invalid")
    for rubbish in ({"from": "yesterday"}, {"to": "2026-13-01"}, {"from": "\0"}, {"lesson_id": "x"}):
        problem(await operator.get(path_of(course), params=rubbish), 400, "validation_failed")
    problem(await operator.get(path_of(course), params={"lesson_id": str(uuid4())}), 404, "lesson_not_found")


async def test_somebody_elses_course_is_not_told_of(api: Api, course: Course) -> None:
    problem(await (await api.instructor()).get(path_of(course)), 403, "not_course_owner")
    problem(await (await api.learner()).get(path_of(course)), 403, "role_required")
    problem(await (await api.browser()).get(path_of(course)), 401, "sign_in_required")
    unknown = f"/api/v1/studio/courses/{uuid4()}/analytics"
    problem(await (await api.instructor()).get(unknown), 404, "course_not_found")
