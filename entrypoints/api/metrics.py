"""What Prometheus scrapes: how many requests were answered how, and how long it took, by route."""

from __future__ import annotations

from functools import lru_cache

from litestar.plugins.prometheus import PrometheusController
from prometheus_client import Counter, Gauge, Histogram

from entrypoints.api.authentication import NOBODY

_APP = "kosu_api"
_LABELS = ("method", "path", "status_code", "app_name")

REQUESTS = Counter("kosu_requests_total", "Total requests", _LABELS)
ERRORS = Counter("kosu_requests_error_total", "Total errors in requests", _LABELS)
SECONDS = Histogram("kosu_request_duration_seconds", "Request duration, in seconds", _LABELS)
IN_PROGRESS = Gauge(
    "kosu_requests_in_progress", "Total requests currently in progress", ("app_name",), multiprocess_mode="livesum"
).labels(_APP)
PUBLIC_PAGES = Counter("kosu_public_pages_total", "Public pages by where they came from", ("source",))
PUBLIC_PAGES_KEPT, PUBLIC_PAGES_MADE = PUBLIC_PAGES.labels("cache"), PUBLIC_PAGES.labels("application")
# How routes are named for which nothing was found.
UNROUTED = "-"


class MetricsController(PrometheusController):
    """A deployment does not let the world see it."""

    path = "/metrics"
    opt = {"auth": NOBODY}  # noqa: RUF012 - Litestar's own class attribute
    include_in_schema = False


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer. `route` is the path as declared: one with an id in it would become a series of its own."""
    requests, errors, durations = _series(method, route, status)
    requests.inc()
    durations.observe(seconds)
    if errors is not None:
        errors.inc()


@lru_cache(maxsize=4096)
def _series(method: str, route: str, status: int) -> tuple[Counter, Counter | None, Histogram]:
    # Looking a series up by its labels costs more than counting.
    labels = (method, route, str(status), _APP)
    return REQUESTS.labels(*labels), ERRORS.labels(*labels) if status >= 500 else None, SECONDS.labels(*labels)
