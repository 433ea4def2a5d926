"""What Prometheus scrapes: how many requests were answered how, and how long it took, by route."""

from __future__ import annotations

from functools import lru_cache

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from entrypoints.api.authentication import NOBODY, AnyRequest
from entrypoints.api.dependencies import WholeContainer
from entrypoints.api.rate_limits import UNLIMITED
from entrypoints.metrics import look_at_stores
from entrypoints.scraping import may_scrape

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


class MetricsController(Controller):
    """Not for the world: whom it is not for is told that there is nothing."""

    path = "/metrics"

    @get("/", auth=NOBODY, rate=UNLIMITED, include_in_schema=False)
    async def metrics(self, request: AnyRequest, container: NamedDependency[WholeContainer]) -> Response[bytes]:
        allowed = may_scrape(
            container.settings().metrics,
            authorization=request.headers.get("authorization", ""),
            peer=request.client.host if request.client else "",
            is_forwarded="x-forwarded-for" in request.headers or "forwarded" in request.headers,
        )
        if not allowed:
            raise NotFoundException
        await look_at_stores(container)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


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
