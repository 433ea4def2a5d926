"""What billing tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kosu.ports.messages import Event


@dataclass(frozen=True, slots=True)
class OrderPaid(Event):
    """The courses of an order are open to its buyer, since they are paid for or free."""

    order_id: UUID
    user_id: UUID
    course_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class OrderRefunded(Event):
    """All money of an order went back to its buyer."""

    order_id: UUID
    user_id: UUID
    course_ids: tuple[UUID, ...]
