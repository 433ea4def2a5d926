"""What the scheduler tells Prometheus, beside its process: who leads, and what is rung for."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

LEADING = Gauge("kosu_scheduler_leading", "Whether this scheduler leads: 1 or 0")
CRON_RINGS = Counter("kosu_cron_rings_total", "Jobs that were rung for at their time", ("task",))
