"""When a gateway is asked about a payment that it does not tell of by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

# Soon, since somebody waits for it; later, since a bank transfer takes its time; and no longer than a week.
ASKED_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    *(timedelta(days=days) for days in range(1, 8)),
)
# How far back the nightly comparison looks: a night that fails is made up for by the next two.
NIGHTLY_REACH = timedelta(hours=72)


def next_ask(*, created_at: datetime, at: datetime) -> datetime | None:
    """The next time after `at` to ask about a payment without a capture; None once a week has passed."""
    return next((created_at + after for after in ASKED_AFTER if created_at + after > at), None)
