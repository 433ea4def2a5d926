"""/api/v1/ops/health: whether anything needs a hand, for operators. All of it is audited."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime
from pathlib import Path

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency

from entrypoints.api.authentication import SignedInRequest
from entrypoints.api.dependencies import WholeContainer
from entrypoints.api.origin import origin_of
from kosu.container import QUEUES, Container
from kosu.modules.billing.book_views import ExaminedBooks
from kosu.modules.identity.domain.viewer import OPERATOR
from kosu.modules.media.domain.board import RunsUnderWay
from kosu.ports.outbox import Backlog


class QueueHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Of messages that were acknowledged: `waiting` ones are delivered yet, the oldest since `oldest_at`; those of
    `dead_letters` were given up. `workers_online` is null when nobody can tell.
    """

    name: str
    workers_online: bool | None
    waiting: int
    oldest_at: datetime | None
    dead_letters: int


class Disk(msgspec.Struct, frozen=True, kw_only=True):
    free_bytes: int
    total_bytes: int


class OpsHealth(msgspec.Struct, frozen=True, kw_only=True):
    """`books` are examined at most once a minute; `disk` is this process's."""

    queues: list[QueueHealth]
    runs: RunsUnderWay
    books: ExaminedBooks
    disk: Disk


class OpsHealthController(Controller):
    path = "/api/v1/ops/health"
    tags = ("ops",)

    @get("/", operation_id="getOpsHealth")
    async def health(self, request: SignedInRequest, container: NamedDependency[WholeContainer]) -> OpsHealth:
        """Queues with their dead letters, runs that are stuck, what is wrong with the books, and the disk."""
        request.user.require(OPERATOR)
        books = await container.billing.examine_books()(origin=origin_of(request))
        return OpsHealth(
            queues=await _queues(container),
            runs=await container.asset_board().runs_under_way(at=container.clock().now()),
            books=books,
            disk=await asyncio.to_thread(_disk, container.settings().media.work_directory),
        )


async def _queues(container: Container) -> list[QueueHealth]:
    backlogs = {backlog.queue: backlog for backlog in await container.outbox_log().backlogs()}
    workers = container.workers()
    online = await asyncio.gather(*(workers.are_online(name) for name in QUEUES))
    return [
        _queue(backlogs.get(name, Backlog(name, 0, None, 0)), workers_online=is_online)
        for name, is_online in zip(QUEUES, online, strict=True)
    ]


def _queue(backlog: Backlog, *, workers_online: bool | None) -> QueueHealth:
    return QueueHealth(
        name=backlog.queue,
        workers_online=workers_online,
        waiting=backlog.waiting,
        oldest_at=backlog.oldest_at,
        dead_letters=backlog.dead,
    )


def _disk(folder: Path) -> Disk:
    # A runtime that does not encode may never have made the folder.
    existing = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    usage = shutil.disk_usage(existing)
    return Disk(free_bytes=usage.free, total_bytes=usage.total)
