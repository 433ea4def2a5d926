"""Certificates over HTTP: from the last lesson to the page that anybody can check, and back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from dependency_injector.providers import Object

from kosu.adapters.memory.clock import MemoryClock
from kosu.modules.learning.use_cases.read_certificates import PRINTS
from tests.api.test_learning import beat
from tests.support.api import Api, problem, running_api
from tests.support.certificates import a_code
from tests.support.pdf import Pdf
from tests.support.taught import Course, buy, make_course

WEB_URL = "http://web.test"


@pytest.fixture
def clock() -> MemoryClock:
    return MemoryClock()


@pytest.fixture
async def api(database: str, redis_url: str, tmp_path: Path, clock: MemoryClock) -> AsyncIterator[Api]:
    async with running_api(
        tmp_path, database_url=database, redis_url=redis_url, web_url=WEB_URL, clock=Object(clock)
    ) as running:
        yield running


@pytest.fixture
async def course(api: Api) -> Course:
    return await make_course(api)


@pytest.fixture
async def learner(api: Api, course: Course) -> httpx.AsyncClient:
    """A learner who has bought the course and completed all of it but the text."""
    browser = await api.signed_in(email=await api.account(name="Ada Lovelace"))
    await buy(api, browser, course)
    for lesson_id in (course.video, course.preview):
        answer = await browser.put(
            f"/api/v1/lessons/{lesson_id}/progress", json=beat(1, [0, 95_000], position_ms=95_000)
        )
        assert answer.status_code == 204
    return browser


async def certified(browser: httpx.AsyncClient, course: Course) -> dict[str, Any]:
    await browser.post(f"/api/v1/lessons/{course.text}/complete")
    answer = await browser.post(f"/api/v1/courses/{course.slug}/certificate")
    assert answer.status_code == 201, answer.text
    certificate: dict[str, Any] = answer.json()
    return certificate


async def test_a_certificate_is_given_once_and_seen_by_anybody(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    """The videos wait in Redis; nothing has flushed them yet."""
    refusal = problem(await learner.post(f"/api/v1/courses/{course.slug}/certificate"), 409, "course_incomplete")
    assert (refusal["percent"], refusal["missing"]) == (66, [{"id": course.text, "title": "Text"}])
    certificate = await certified(learner, course)
    assert (certificate["learner_name"], certificate["course_title"]) == ("Ada Lovelace", "Data")
    assert certificate["url"] == f"{WEB_URL}/certificates/{certificate['code']}"
    assert (certificate["lesson_count"], certificate["revoked_at"]) == (3, None)
    again = await learner.post(f"/api/v1/courses/{course.slug}/certificate")
    assert (again.status_code, again.json()) == (200, certificate)
    anybody = await api.browser()
    for code in (certificate["code"], certificate["code"].lower().replace("-", "")):
        seen = await anybody.get(f"/api/v1/certificates/{code}")
        assert (seen.status_code, seen.json()) == (200, certificate)
        assert (seen.headers["vary"], seen.headers["cache-control"]) == ("Accept", "no-store")
    (own,) = (await learner.get("/api/v1/me/certificates")).json()["items"]
    assert own == certificate | {"course_id": str(course.id), "revocation_reason": None}
    await api.work()
    assert [mail.subject for mail in api.mailer.sent if "ertificate" in mail.subject] == ["Your certificate: Data"]


async def test_certificates_that_are_asked_for_at_once_are_one(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    await learner.post(f"/api/v1/lessons/{course.text}/complete")
    answers = await asyncio.gather(*(learner.post(f"/api/v1/courses/{course.slug}/certificate") for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["code"] for answer in answers}) == 1
    async with api.container.pool().connection() as connection:
        cursor = await connection.execute(
            "SELECT count(*) FROM messaging.outbox WHERE name = 'learning.CertificateIssued'"
        )
        assert await cursor.fetchone() == (1,)


async def test_a_certificate_is_for_learners_of_the_course(api: Api, course: Course) -> None:
    stranger = await api.learner()
    problem(await stranger.post(f"/api/v1/courses/{course.slug}/certificate"), 403, "not_enrolled")
    problem(await stranger.post("/api/v1/courses/nowhere/certificate"), 404, "course_not_found")
    problem(await stranger.post("/api/v1/courses/%00/certificate"), 404, "course_not_found")
    problem(await (await api.browser()).post(f"/api/v1/courses/{course.slug}/certificate"), 401, "sign_in_required")
    problem(await (await api.browser()).get("/api/v1/me/certificates"), 401, "sign_in_required")
    problem(await stranger.get("/api/v1/me/certificates", params={"cursor": "made up"}), 422, "invalid_cursor")


async def test_a_mistyped_code_is_told_from_an_unknown_one(api: Api) -> None:
    anybody = await api.browser()
    problem(await anybody.get(f"/api/v1/certificates/{a_code()}"), 404, "certificate_not_found")
    code = a_code()
    for typed in (code[:-1], "x", "%00", f"{code}%00", "%F0%9F%98%80", "0" * 16, "2" * 3_000, "%ff", "..;", "'--"):
        refusal = problem(await anybody.get(f"/api/v1/certificates/{typed}"), 422, "certificate_code_mistyped")
        assert refusal["errors"][0]["field"] == "code"


async def test_a_certificate_is_printed_for_those_who_want_it(
    api: Api, learner: httpx.AsyncClient, course: Course
) -> None:
    certificate = await certified(learner, course)
    path, anybody = f"/api/v1/certificates/{certificate['code']}", await api.browser()
    for language, heading in (("fr", "Certificate of Completion"), ("ko-KR", "수료증")):
        answer = await anybody.get(path, headers={"Accept": "application/pdf", "Accept-Language": language})
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.headers["content-disposition"] == f'inline; filename="certificate-{certificate["code"]}.pdf"'
        assert answer.headers["vary"] == "Accept, Accept-Language"
        pdf = Pdf(answer.content)
        for told in (heading, "Ada Lovelace", "Data", certificate["code"], certificate["url"]):
            assert told in pdf.text
        assert pdf.blank == set()
    problem(await anybody.get(path, headers={"Accept": "text/html"}), 406, "not_acceptable")
    assert (await anybody.get(path, headers={"Accept": "*/*"})).headers["content-type"] == "application/json"


async def test_printing_has_a_limit_and_reading_has_none(
    api: Api, learner: httpx.AsyncClient, course: Course, clock: MemoryClock
) -> None:
    path = f"/api/v1/certificates/{(await certified(learner, course))['code']}"
    anybody, pdf = await api.browser(), {"Accept": "application/pdf"}
    for _ in range(PRINTS.rate.burst):
        assert (await anybody.get(path, headers=pdf)).status_code == 200
    assert problem(await anybody.get(path, headers=pdf), 429, "rate_limited")
    assert (await anybody.get(path)).status_code == 200
    clock.advance(timedelta(seconds=1))
    assert (await anybody.get(path, headers=pdf)).status_code == 200


async def test_an_operator_revokes_a_certificate(api: Api, learner: httpx.AsyncClient, course: Course) -> None:
    code = (await certified(learner, course))["code"]
    path, operator = f"/api/v1/ops/certificates/{code}/revoke", await api.operator()
    for browser, status, refused in (
        (await api.browser(), 401, "sign_in_required"),
        (learner, 403, "role_required"),
        (await api.instructor(), 403, "role_required"),
    ):
        problem(await browser.post(path, json={"reason": "x"}), status, refused)
    for body in ({}, {"reason": ""}, {"reason": "x" * 501}, {"reason": "a\0b"}, {"reason": 1}):
        problem(await operator.post(path, json=body), 400, "validation_failed")
    problem(await operator.post(path, json={"reason": "x" * 1_100_000}), 413, "payload_too_large")
    problem(
        await operator.post(f"/api/v1/ops/certificates/{a_code()}/revoke", json={"reason": "x"}),
        404,
        "certificate_not_found",
    )
    revoked = (await operator.post(path, json={"reason": "Bought"})).json()
    assert revoked["revocation_reason"] == "Bought"
    public = (await (await api.browser()).get(f"/api/v1/certificates/{code}")).json()
    assert public["revoked_at"] == revoked["revoked_at"] is not None
    assert "Bought" not in str(public)
    pdf = await learner.get(f"/api/v1/certificates/{code}", headers={"Accept": "application/pdf"})
    problem(pdf, 409, "certificate_revoked")
    audit = (await operator.get("/api/v1/ops/audit", params={"action": "certificate_revoked"})).json()["items"]
    assert [entry["detail"] for entry in audit] == [{"code": code, "reason": "Bought"}]


async def test_certificates_and_choices_join_the_export_and_go_with_the_account(
    api: Api, learner: httpx.AsyncClient, course: Course, clock: MemoryClock
) -> None:
    certificate = await certified(learner, course)
    await learner.patch("/api/v1/me/notifications", json={"answer": False})
    export = (await learner.get("/api/v1/me/export")).json()
    assert [each["code"] for each in export["certificates"]] == [certificate["code"]]
    assert export["notifications"] == {"receipt": True, "enrolment": True, "answer": False, "certificate": True}
    await learner.delete("/api/v1/me")
    clock.advance(timedelta(days=7))
    assert await api.container.identity.erase_closed_accounts()() == 1
    await api.work()
    answer = await (await api.browser()).get(f"/api/v1/certificates/{certificate['code']}")
    assert "Ada" not in str(problem(answer, 404, "certificate_not_found"))
    async with api.container.pool().connection() as connection:
        for table in ("learning.certificates", "identity.muted_notifications", "identity.sent_notifications"):
            cursor = await connection.execute(f"SELECT count(*) FROM {table}".encode())  # noqa: S608
            assert await cursor.fetchone() == (0,), table
