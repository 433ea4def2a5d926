"""A deploy under load, in short: every process is restarted once while people go on, and nobody notices.

`python -m benchmarks.rolling` is the long version.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from benchmarks._fleet import fleet
from benchmarks.rolling import roll

PEOPLE = 4


def test_a_deploy_under_load_costs_nobody_anything(record_property: Callable[[str, object], None]) -> None:
    with fleet(durable=False) as ring:
        outcome = asyncio.run(roll(ring, people=PEOPLE, rounds=1))
    record_property("figures", str(outcome))
    assert set(outcome.restarts.values()) == {1}
    assert outcome.journal.failed == {}, str(outcome)
    assert (outcome.verdict.lost, outcome.verdict.broken) == (0, ()), str(outcome)
    assert outcome.verdict.sent > 0
    assert outcome.journal.paid
    assert outcome.longest_silence_seconds < 30, "for so long nobody led"
