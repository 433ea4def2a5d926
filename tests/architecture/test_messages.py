"""The tables of the worker and the scheduler are complete."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import pytest
from croniter import croniter  # type: ignore[import-untyped]

import kosu.modules
from entrypoints.scheduler.schedule import SCHEDULE
from entrypoints.worker.dispatch import dispatcher_of
from entrypoints.worker.tasks import tasks
from kosu.adapters.saq.queue import SaqQueue
from kosu.container import QUEUES, Container
from kosu.ports.messages import Event, Job, Message, name_of
from tests.support.settings import settings


@pytest.fixture
def container(tmp_path: Path) -> Container:
    return Container(
        settings=settings(tmp_path, database_url="postgresql://x.invalid/kosu", redis_url="redis://x.invalid/0")
    )


def declared(kind: type[Message]) -> set[type[Message]]:
    """All messages of a kind that the modules declare."""
    for module in pkgutil.walk_packages(kosu.modules.__path__, "kosu.modules."):
        if module.name.rsplit(".", 1)[-1] in {"events", "jobs"}:
            importlib.import_module(module.name)
    # `slots=True` makes each dataclass twice; the first of the two is a subclass as well until it is collected.
    return {
        message
        for message in kind.__subclasses__()
        if message.__module__.startswith("kosu.")
        and getattr(sys.modules[message.__module__], message.__name__) is message
    }


async def test_every_job_has_a_doer(container: Container) -> None:
    assert declared(Job) - set(tasks(container)) == set()


async def test_what_is_scheduled_can_be_done(container: Container) -> None:
    assert set(SCHEDULE) - set(tasks(container)) == set()
    assert all(croniter.is_valid(cron) for cron in SCHEDULE.values())


async def test_wire_names_are_unique(container: Container) -> None:
    messages = declared(Event) | set(tasks(container))
    assert len({name_of(message) for message in messages}) == len(messages)
    assert len(dispatcher_of(container).names) >= len(tasks(container))


async def test_every_queue_that_is_named_exists(container: Container) -> None:
    queue = container.queue()
    assert isinstance(queue, SaqQueue)
    assert set(queue.queues) == set(QUEUES)
    assert {message.queue for message in declared(Job) | declared(Event)} <= set(QUEUES)
