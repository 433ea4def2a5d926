"""What the API's document allows is asked, and what it does not: no answer is a failure of ours, each is as written.

Requests are made from the document by schemathesis, from a fixed seed, and each is sent as a stranger, a learner, an
instructor and an operator. `KOSU_SCHEMA_EXAMPLES=200` asks more of each operation: `make schema`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kosu.modules.identity.domain.viewer import INSTRUCTOR, LEARNER, OPERATOR
from tests.support.api import Api, running_api
from tests.support.settings import API_URL
from tests.support.taught import Course, buy, make_course

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = int(os.environ.get("KOSU_SCHEMA_EXAMPLES", "2"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(json.loads((ROOT / "openapi.json").read_text()))
OPERATIONS: list[Any] = [found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)]
ROLES = ("stranger", LEARNER, INSTRUCTOR, OPERATOR)
EVERY = settings(
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Crowd:
    """One browser for each role, signed in again whenever what was asked has ended its session."""

    def __init__(self, api: Api, loop: asyncio.AbstractEventLoop) -> None:
        self.api = api
        self.answers: Counter[int] = Counter()
        self.failures: dict[str, str] = {}
        self.known: dict[str, list[str]] = {}
        self._loop = loop
        self._browsers: dict[str, httpx.AsyncClient] = {}

    async def prepare(self) -> None:
        """Let there be a course with lessons, and somebody who bought it."""
        course: Course = await make_course(self.api, studio=await self.browser(INSTRUCTOR))
        browser = await self.browser(LEARNER)
        wanted = {"course_ids": [str(course.id)], "gateway": "sandbox"}
        order = await browser.post("/api/v1/orders", json=wanted, headers={"Idempotency-Key": "1"})
        assert order.status_code == 201, order.text
        await buy(self.api, browser, course)
        self.known = {
            "slug": [course.slug],
            "course_id": [str(course.id)],
            "lesson_id": [str(course.video), str(course.text)],
            "order_id": [order.json()["id"]],
            "gateway": ["sandbox"],
        }

    async def browser(self, role: str) -> httpx.AsyncClient:
        browser = self._browsers.get(role)
        if role == "stranger":
            return browser or self._browsers.setdefault(role, await self.api.browser())
        if browser is None or (await browser.get("/api/v1/me")).status_code != 200:
            browser = self._browsers[role] = await self.api.signed_in(role)
        return browser

    def ask(self, case: Case[Any], number: int) -> None:
        """Send the case as everybody; of every other one the parts of the path name what exists."""
        if number % 2 and case.path_parameters:
            for name, values in self.known.items():
                if name in case.path_parameters:
                    case.path_parameters[name] = values[number % len(values)]
        for role in ROLES:
            future = asyncio.run_coroutine_threadsafe(self._send(case, role), self._loop)
            self._judge(case, role, future.result())

    async def _send(self, case: Case[Any], role: str) -> httpx.Response | None:
        browser = await self.browser(role)
        prepared = requests.Request(**_request(case)).prepare()
        headers = {name: value for name, value in prepared.headers.items() if name.lower() != "cookie"}
        content: Any = prepared.body
        try:
            return await browser.request(
                prepared.method or "GET", prepared.url or API_URL, headers=dict[str, Any](headers), content=content
            )
        except httpx.InvalidURL:
            # No client could send it.
            return None

    def _judge(self, case: Case[Any], role: str, answer: httpx.Response | None) -> None:
        if answer is None:
            return
        self.answers[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except (Failure, FailureGroup) as failure:
            about = f"{case.operation.label} as {role}: {answer.status_code}"
            self.failures.setdefault(about, f"{failure}\n{answer.text[:500]}")


def _request(case: Case[Any]) -> dict[str, Any]:
    wanted = {"method", "url", "headers", "params", "data", "json", "files", "cookies"}
    return {name: value for name, value in case.as_transport_kwargs(base_url=API_URL).items() if name in wanted}


async def test_every_answer_is_as_the_document_says(
    database: str, redis_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    unlimited = {"KOSU_ACCOUNT_REQUESTS_PER_MINUTE": "0", "KOSU_ADDRESS_REQUESTS_PER_MINUTE": "0"}
    async with running_api(tmp_path, database_url=database, redis_url=redis_url, settings_changes=unlimited) as api:
        api.without_deadlines()
        crowd = Crowd(api, asyncio.get_running_loop())
        await crowd.prepare()
        await asyncio.to_thread(_ask_everything, crowd)
    figures = ", ".join(f"{count} x {status}" for status, count in sorted(crowd.answers.items()))
    record_property("figures", f"{crowd.answers.total()} requests to {len(OPERATIONS)} operations: {figures}")
    assert not crowd.failures, "\n\n".join(f"{about}\n{told}" for about, told in crowd.failures.items())
    # A crowd that is refused everywhere would find nothing.
    assert sum(count for status, count in crowd.answers.items() if status < 300) > len(OPERATIONS)


def _ask_everything(crowd: Crowd) -> None:
    for operation in OPERATIONS:
        _ask(crowd, operation, GenerationMode.POSITIVE, EXAMPLES)
        _ask(crowd, operation, GenerationMode.NEGATIVE, max(1, EXAMPLES // 2))


def _ask(crowd: Crowd, operation: Any, mode: GenerationMode, examples: int) -> None:
    # Beginning with a path that exists.
    numbers = itertools.count(1)

    @seed(20_260_101)
    @settings(EVERY, max_examples=examples)
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        crowd.ask(case, next(numbers))

    # Of some there is nothing wrong that could be sent.
    with suppress(Unsatisfiable):
        ask()
