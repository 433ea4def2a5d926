"""Liveness, and readiness with the name of the part that fails."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import SkipValidation
from litestar.status_codes import HTTP_200_OK

from entrypoints.api.authentication import NOBODY
from entrypoints.api.errors import problem
from entrypoints.api.rate_limits import UNLIMITED
from kosu.container import Container
from kosu.errors import Unavailable

CHECK_SECONDS = 2.0
# Where the application's state holds whether the process is about to stop.
DRAINING = "draining"


class Health(msgspec.Struct, frozen=True):
    status: str
    parts: dict[str, str] = {}


class HealthController(Controller):
    path = "/health"
    tags = ("health",)

    @get("/live", operation_id="live", auth=NOBODY, rate=UNLIMITED)
    async def live(self) -> Health:
        return Health(status="ok")

    @get(
        "/ready",
        operation_id="ready",
        auth=NOBODY,
        rate=UNLIMITED,
        responses={HTTP_200_OK: ResponseSpec(Health, description="All parts answer.", generate_examples=False)},
    )
    async def ready(
        self, container: NamedDependency[SkipValidation[Container]], request: Request[Any, Any, Any]
    ) -> Response[Any]:
        """200 when PostgreSQL, Redis and the object store answer; else 503, naming those that do not."""
        draining = request.app.state.get(DRAINING)
        if draining is not None and draining.has_begun:
            return _not_ready("stopping")
        names = ("database", "redis", "object_store")
        pings = (container.outbox_log().ping(), container.queue().ping(), container.object_store().ping())
        results = await asyncio.gather(*(_state(ping) for ping in pings))
        parts = dict(zip(names, results, strict=True))
        failing = [name for name, state in parts.items() if state != "ok"]
        if not failing:
            return Response(Health(status="ok", parts=parts))
        return _not_ready(", ".join(failing), facts={"parts": parts})


def _not_ready(reason: str, facts: dict[str, Any] | None = None) -> Response[Any]:
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "not_ready",
        f"Not ready: {reason}.",
        facts=facts,
        headers={"Retry-After": "2"},
    )


async def _state(ping: Any) -> str:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            await ping
    except (Unavailable, TimeoutError):
        return "away"
    return "ok"
