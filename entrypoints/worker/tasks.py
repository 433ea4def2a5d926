"""Which use case does which job. One job has exactly one doer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from entrypoints.worker.sweep import SweepOutbox, sweep_outbox
from kosu.container import Container
from kosu.ports.messages import Job

Doer: TypeAlias = Callable[[Any], Awaitable[object]]


def tasks(container: Container) -> dict[type[Job], Doer]:
    """Doers take the job itself."""
    return {
        SweepOutbox: sweep_outbox(container),
    }
