"""Webhooks on their way from the acknowledgement to their settlement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

WebhookId = NewType("WebhookId", UUID)

# Ten seconds to six hours; the attempt after the last of these is the twelfth.
BACKOFF = tuple(
    timedelta(seconds=seconds) for seconds in (10, 22, 46, 100, 215, 465, 1_000, 2_160, 4_650, 10_000, 21_600)
)
MAX_ATTEMPTS = len(BACKOFF) + 1
# More than any schedule comes to: only a webhook that kills its worker, again and again, is claimed so often.
HOPELESS_ATTEMPTS = 20
# Hints about one payment that come within this time are one, and are looked into at its end, after all of them.
HINT_WINDOW = timedelta(seconds=2)
# How long a webhook about an unknown payment is believed to be early rather than wrong.
UNKNOWN_PAYMENT_PATIENCE = timedelta(hours=24)


class WebhookState(StrEnum):
    """Only `processed` means settled; `ignored` is an event that means nothing to us, `dead` waits for an operator."""

    RECEIVED = "received"
    PROCESSING = "processing"
    PROCESSED = "processed"
    IGNORED = "ignored"
    FAILED = "failed"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What verification learns of a webhook. `key_id` names the secret that fitted; `event_type` may be empty.

    `is_hint`: nothing is signed, so that nothing in it is believed but that the payment is worth asking about.
    """

    dedup_key: str
    event_type: str
    payment_ref: str | None
    key_id: str
    is_hint: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedWebhook:
    """A verified webhook, as it is stored before it is acknowledged. `payload` is the body, byte for byte.

    It is settled from `due_at` on, or at once.
    """

    id: WebhookId
    gateway: str
    envelope: Envelope
    payload: bytes
    received_at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimedWebhook:
    """A webhook that a worker holds under a lease. `attempt` counts from 1 and fences late workers out."""

    id: WebhookId
    gateway: str
    payment_ref: str | None
    payload: bytes
    received_at: datetime
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWebhook:
    """A webhook as an operator meets it. `payload` is None once its time of keeping is over; the hash stays."""

    id: WebhookId
    gateway: str
    dedup_key: str
    event_type: str
    payment_ref: str | None
    key_id: str
    payload: bytes | None
    payload_sha256: bytes
    state: WebhookState
    attempts: int
    received_at: datetime
    next_attempt_at: datetime | None
    lease_until: datetime | None
    finished_at: datetime | None
    error_code: str | None

    def is_held(self, *, at: datetime) -> bool:
        """Whether a worker is at it right now."""
        return self.state is WebhookState.PROCESSING and self.lease_until is not None and self.lease_until > at


def coalesced(hint: Envelope, *, at: datetime) -> tuple[Envelope, datetime]:
    """A hint as one with all others about the same payment in its window, and the end of the window."""
    window = int(at.timestamp() // HINT_WINDOW.total_seconds())
    due_at = datetime.fromtimestamp((window + 1) * HINT_WINDOW.total_seconds(), tz=at.tzinfo)
    return replace(hint, dedup_key=f"hint:{hint.payment_ref}:{window}"), due_at


def retry_at(attempt: int, *, at: datetime) -> datetime | None:
    """When to try again after a failed attempt; None after the last."""
    return None if attempt >= MAX_ATTEMPTS else at + BACKOFF[attempt - 1]


def retry_unknown_payment_at(attempt: int, *, received_at: datetime, at: datetime) -> datetime | None:
    """When to look for the payment again: patient by the clock, whatever the number of attempts."""
    patience_ends = received_at + UNKNOWN_PAYMENT_PATIENCE
    if at >= patience_ends:
        return None
    return min(at + BACKOFF[min(attempt, len(BACKOFF)) - 1], patience_ends)
