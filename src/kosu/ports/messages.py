"""What travels through the outbox: facts that happened (`Event`) and work to be done (`Job`).

Both are frozen dataclasses of ids and primitives, so that they can be written down, and read by a later release.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Event:
    """A published fact, named in the past tense. `entrypoints/worker/subscriptions.py` says who reacts.

    One with `broadcast` is also told to every api process at once; `entrypoints/api/broadcasts.py` says who listens.
    """

    queue: ClassVar[str] = "default"
    broadcast: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Job:
    """Background work that a module asks for, named as an imperative. `entrypoints/worker/tasks.py` says who does it.

    Handlers of a job must be idempotent: delivery is at least once.
    """

    queue: ClassVar[str] = "default"


Message = Event | Job


def name_of(message: type[Message]) -> str:
    """The stable wire name of a message class: `<module>.<ClassName>`, e.g. `billing.OrderPaid`.

    The module is the third part of the Python path (`kosu.modules.billing.events`, `entrypoints.worker.sweep`).
    """
    return f"{message.__module__.split('.')[2]}.{message.__name__}"
