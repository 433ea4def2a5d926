"""Events told to every api process as soon as they are committed: what none of them may go on believing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Broadcast:
    """An event as it travels: its wire name, and its fields as JSON values."""

    name: str
    payload: Mapping[str, object]


@runtime_checkable
class Broadcasts(Protocol):
    """The hearing side. Telling is the outbox's part: it tells of every event whose class says `broadcast`."""

    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[Broadcast]]:
        """Hear all that is committed from the moment at which the block is entered, in the order of commits.

        Nothing that was committed before is repeated: whoever begins to listen reads the present state once.

        Raises:
            DatabaseUnavailable: also later, out of the iterator; what came since then is missed.
        """
        ...
