"""The API application: controllers, authentication, errors and the OpenAPI document in one place."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import ASGIApp, ControllerRouterHandler

from entrypoints import garbage, logs
from entrypoints.api.accounts import OpsAccountController
from entrypoints.api.analytics import AnalyticsController
from entrypoints.api.auth import AuthController
from entrypoints.api.authentication import Authentication
from entrypoints.api.bodies import require_json
from entrypoints.api.broadcasts import listening
from entrypoints.api.captions import CaptionController
from entrypoints.api.catalog import CatalogController
from entrypoints.api.catalogue_door import CatalogueDoor
from entrypoints.api.certificates import CertificateController, OpsCertificateController
from entrypoints.api.checkouts import CheckoutController
from entrypoints.api.client_info import TRUSTED_PROXY_HOPS
from entrypoints.api.cookies import SessionCookies
from entrypoints.api.course_media import CourseMediaController
from entrypoints.api.covers import cover_elsewhere
from entrypoints.api.deadline import Deadline
from entrypoints.api.dependencies import dependencies
from entrypoints.api.draining import Draining
from entrypoints.api.earnings import EarningsController
from entrypoints.api.errors import EXCEPTION_HANDLERS
from entrypoints.api.health import DRAINING, HealthController
from entrypoints.api.heartbeat_door import HeartbeatDoor
from entrypoints.api.learning import LearningController
from entrypoints.api.me import MeController
from entrypoints.api.media import MediaController
from entrypoints.api.metrics import MetricsController
from entrypoints.api.notes import NotesController
from entrypoints.api.notifications import NotificationController
from entrypoints.api.openapi import OPENAPI_CONFIG, front_door, openapi_document
from entrypoints.api.ops_coupons import OpsCouponController
from entrypoints.api.ops_courses import OpsCourseController
from entrypoints.api.ops_health import OpsHealthController
from entrypoints.api.ops_ledger import OpsLedgerController
from entrypoints.api.ops_media import OpsMediaController
from entrypoints.api.ops_orders import OpsOrderController
from entrypoints.api.ops_shelves import OpsCategoryController, OpsCollectionController
from entrypoints.api.options import answer_options
from entrypoints.api.orders import OrderController
from entrypoints.api.public_cache import PublicCache
from entrypoints.api.questions import QuestionController
from entrypoints.api.rate_limits import RateLimits
from entrypoints.api.receipts import ReceiptController
from entrypoints.api.request_context import RequestContext
from entrypoints.api.reviews import OpsReviewController, ReviewController
from entrypoints.api.sandbox import SandboxController
from entrypoints.api.streams import StreamController
from entrypoints.api.studio import StudioController
from entrypoints.api.webhook_door import WebhookDoor
from entrypoints.api.webhooks import OpsWebhookController, WebhookController
from entrypoints.metrics import pools_of
from entrypoints.tracing import TracedRequests, tracing
from kosu.container import Container
from kosu.lifespan import repeating, running
from kosu.settings import read_settings

MAX_BODY_BYTES = 1024 * 1024
ACTIVITY_FLUSH_SECONDS = 5
# Where the application's state holds what those who answer before it count with, too.
RATE_LIMITS = "rate_limits"


CONTROLLERS: list[ControllerRouterHandler] = [
    MetricsController,
    HealthController,
    AuthController,
    MeController,
    StreamController,
    OpsAccountController,
    CatalogController,
    StudioController,
    OpsCourseController,
    OpsCategoryController,
    OpsCollectionController,
    MediaController,
    CaptionController,
    OrderController,
    CheckoutController,
    ReceiptController,
    EarningsController,
    OpsOrderController,
    OpsCouponController,
    OpsLedgerController,
    OpsHealthController,
    OpsMediaController,
    WebhookController,
    OpsWebhookController,
    SandboxController,
    LearningController,
    NotesController,
    CertificateController,
    OpsCertificateController,
    AnalyticsController,
    CourseMediaController,
    NotificationController,
    ReviewController,
    OpsReviewController,
    QuestionController,
    cover_elsewhere,
    openapi_document,
    front_door,
]


def create_app() -> ASGIApp:
    """The application over the settings of the environment; what the server calls."""
    logs.configure("api")
    container = Container(settings=read_settings(os.environ))
    draining = Draining()
    return with_front(create_litestar(container, draining), container, draining)


def with_front(app: Litestar, container: Container, draining: Draining | None = None) -> ASGIApp:
    """The application behind what every request passes first."""
    settings = container.settings()
    cookies = create_cookies(container)
    limits: RateLimits = app.state[RATE_LIMITS]
    front: ASGIApp = app
    if settings.http.request_timeout_seconds > 0:
        front = Deadline(app, front, seconds=settings.http.request_timeout_seconds)
    front = WebhookDoor(app, front, container.billing.receive_webhook())
    front = CatalogueDoor(
        app,
        front,
        queries=container.catalog.queries(),
        view_course=container.learning.view_course(),
        cookies=cookies,
        limits=limits,
    )
    if settings.http.public_cache_bytes > 0:
        front = PublicCache(front, container.catalog.version(), cookies, most_bytes=settings.http.public_cache_bytes)
    # The outermost is what there is most of.
    front = HeartbeatDoor(front, authentication(container), container.learning.keep_heartbeat())
    if settings.tracing.endpoint:
        front = TracedRequests(front)
    return RequestContext(front, https_only=settings.identity.cookies_secure, draining=draining)


def create_cookies(container: Container) -> SessionCookies:
    settings = container.settings()
    own_origins = frozenset({settings.http.api_url, settings.http.web_url} - {""})
    return SessionCookies(container.keyring(), secure=settings.identity.cookies_secure, own_origins=own_origins)


def authentication(container: Container) -> Authentication:
    return Authentication(container.identity.authenticate_request(), create_cookies(container))


def create_litestar(container: Container, draining: Draining | None = None) -> Litestar:
    """The application over any container, e.g. one in memory; without `draining` signals are none of its business."""
    settings = container.settings()
    limits = RateLimits(container.throttle(), container.clock(), settings.http)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        activity = container.identity.activity()
        with tracing("api", container), pools_of(container):
            async with (
                running(container),
                listening(container),
                repeating(activity.flush, every_seconds=ACTIVITY_FLUSH_SECONDS, name="activity"),
            ):
                garbage.settle()
                if draining is not None:
                    draining.at_sigterm(settings.http.drain_seconds)
                yield
        logs.flush()

    return Litestar(
        route_handlers=CONTROLLERS,
        dependencies={"container": Provide(lambda: container, sync_to_thread=False), **dependencies(container)},
        middleware=[
            answer_options,
            require_json,
            authentication(container),
            limits.middleware,
        ],
        exception_handlers=EXCEPTION_HANDLERS,
        request_max_body_size=MAX_BODY_BYTES,
        lifespan=[lifespan],
        state=State({TRUSTED_PROXY_HOPS: settings.http.trusted_proxy_hops, RATE_LIMITS: limits, DRAINING: draining}),
        openapi_config=OPENAPI_CONFIG,
        logging_config=None,
    )
