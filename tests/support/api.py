"""The API application in the process of the test, over real PostgreSQL and Redis, with a client for each browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from dependency_injector.providers import Object
from litestar import Litestar
from litestar.types import ASGIApp

from entrypoints.api.app import create_litestar, with_front
from entrypoints.worker.dispatch import dispatcher_of
from kosu.adapters.memory.mailer import MemoryMailer
from kosu.adapters.memory.queue import MemoryQueue
from kosu.container import Container
from kosu.modules.identity.domain.sessions import Client
from kosu.modules.identity.domain.viewer import INSTRUCTOR, LEARNER, OPERATOR
from kosu.ports.messages import name_of
from kosu.ports.queue import Bell
from tests.support.settings import API_URL, settings

PASSWORD = "correct horse battery"
PATIENCE_SECONDS = 30.0


class Api:
    """The application, and what a test wants of it.

    Rung bells wait in `queue` until `work` is called, which leaves mails in `mailer`.
    """

    def __init__(  # noqa: PLR0917 - what is running
        self,
        container: Container,
        queue: MemoryQueue,
        mailer: MemoryMailer,
        litestar: Litestar,
        app: ASGIApp,
        stack: AsyncExitStack,
    ) -> None:
        self.container = container
        self.queue = queue
        self.mailer = mailer
        self.litestar = litestar
        self.app = app
        self._stack = stack
        self._count = 0

    def without_deadlines(self) -> None:
        """Let stores take their time: on a machine that others share, what is counted must not depend on it."""
        container: Any = self.container
        for guarded in (container.throttle(), container.session_cache(), container.progress_buffer()):
            guarded._timeout_seconds = PATIENCE_SECONDS
        container.identity.lookup()._store_seconds = PATIENCE_SECONDS

    async def heard(self) -> None:
        """Once the application hears of changes of the catalogue, whereupon it keeps public pages."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.container.catalog.version().current is None:  # noqa: ASYNC110 - a version says nothing
                await asyncio.sleep(0.01)

    async def browser(self, **headers: str) -> httpx.AsyncClient:
        """A browser of its own, without cookies."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)  # type: ignore[arg-type]
        client = httpx.AsyncClient(
            transport=transport, base_url=API_URL, headers={"Sec-Fetch-Site": "same-origin", **headers}
        )
        return await self._stack.enter_async_context(client)

    async def account(self, role: str = LEARNER, name: str = "Somebody") -> str:
        """A new account with this role and PASSWORD; answers its e-mail address."""
        self._count += 1
        email = f"{role}{self._count}@kosu.test"
        admitted = await self.container.identity.register_user()(
            email=email,
            password=PASSWORD,
            display_name=name,
            device_id=None,
            client=Client(ip="", browser="", os=""),
            roles=frozenset({LEARNER, role}),
        )
        # Registering signs a device in; the account starts without any.
        await self.container.identity.end_all_sessions()(user_id=admitted.user.id, keep=None)
        return email

    async def signed_in(self, role: str = LEARNER, *, email: str | None = None) -> httpx.AsyncClient:
        """A browser signed in to the account, or to a new one with this role."""
        browser = await self.browser()
        address = email or await self.account(role)
        answer = await browser.post("/api/v1/auth/login", json={"email": address, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return browser

    async def mailed_token(self, subject: str) -> str:
        """The secret of the link in the newest mail with this subject."""
        await self.work()
        mail = next(mail for mail in reversed(self.mailer.sent) if mail.subject == subject)
        return mail.body.partition("#token=")[2].split()[0]

    async def learner(self) -> httpx.AsyncClient:
        return await self.signed_in(LEARNER)

    async def instructor(self) -> httpx.AsyncClient:
        return await self.signed_in(INSTRUCTOR)

    async def operator(self) -> httpx.AsyncClient:
        return await self.signed_in(OPERATOR)

    async def work(self) -> None:
        """Do what was rung for, and what that rings for, until nothing is left: the worker's part."""
        dispatcher = dispatcher_of(self.container)
        while rung := self.queue.take():
            for bell in rung:
                if isinstance(bell, Bell):
                    await dispatcher.deliver(bell.message_id)
                else:
                    await dispatcher.run(name_of(type(bell)))


@asynccontextmanager
async def running_api(
    folder: Path,
    *,
    database_url: str,
    redis_url: str,
    web_url: str = "",
    course_review: str = "",
    settings_changes: Mapping[str, str] | None = None,
    **providers: Any,
) -> AsyncIterator[Api]:
    """The application over these stores; `providers` replace providers of the container."""
    queue, mailer = MemoryQueue(), MemoryMailer()
    changes = {"KOSU_WEB_URL": web_url} | ({"KOSU_COURSE_REVIEW": course_review} if course_review else {})
    changes |= settings_changes or {}
    container = Container(
        settings=settings(folder, database_url=database_url, redis_url=redis_url, **changes),
        **{"queue": Object(queue), "mailer": Object(mailer), **providers},
    )
    app = create_litestar(container)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(app.lifespan())
        yield Api(container, queue, mailer, app, with_front(app, container), stack)


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer that must be exactly this problem."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["code"] == code, document
    assert document["status"] == status
    assert document["request_id"] == answer.headers["x-request-id"]
    return document
