"""OpenTelemetry traces, where a collector is set: a request, what it asks of PostgreSQL, Redis and the object store,
and the jobs that follow from it in a worker are one trace.

Where none is set nothing is imported, wrapped or asked on the way of a request.

Source: OpenTelemetry specification; semantic conventions for HTTP, database and messaging spans.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kosu import __version__, cause
from kosu.cause import Cause
from kosu.container import Container
from kosu.settings import TracingSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, Tracer

EXPORT_SECONDS = 5
_MOST_STATEMENT_CHARACTERS = 2_000


class _On:
    """The tracer of this process, while there is one."""

    tracer: Tracer | None = None


@contextmanager
def tracing(runtime: str, container: Container) -> Iterator[None]:
    """Trace what this container does while the block runs; to be entered before its connections are opened."""
    settings: TracingSettings = container.settings().tracing
    if not settings.endpoint:
        yield
        return
    try:
        provider = _provider(runtime, settings)
    except ModuleNotFoundError as error:
        msg = "KOSU_OTLP_ENDPOINT needs OpenTelemetry: install kosu[tracing]"
        raise RuntimeError(msg) from error
    _On.tracer = provider.get_tracer("kosu")
    _watch(container)
    try:
        yield
    finally:
        _On.tracer = None
        provider.shutdown()


@contextmanager
def job(name: str, caused: Cause | None) -> Iterator[Cause | None]:
    """A job as a part of the trace that it was asked for in; what it asks for in turn has the cause that is yielded."""
    if _On.tracer is None:
        yield caused
        return
    from opentelemetry.context import Context  # noqa: PLC0415 - not where there are no traces
    from opentelemetry.trace import SpanKind  # noqa: PLC0415
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    before = Context()
    if caused is not None and caused.traceparent is not None:
        before = TraceContextTextMapPropagator().extract({"traceparent": caused.traceparent}, context=before)
    attributes = {"messaging.system": "kosu.outbox", "messaging.destination.name": name}
    with _On.tracer.start_as_current_span(name, context=before, kind=SpanKind.CONSUMER, attributes=attributes) as span:
        yield replace(caused or Cause(), traceparent=_traceparent(span))


class TracedRequests:
    """Around the application: each request begins a trace. What a client says of traces of its own is not believed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        tracer, caused = _On.tracer, cause.current.get()
        if tracer is None or caused is None or scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        from opentelemetry.context import Context  # noqa: PLC0415 - see `job`
        from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415

        method = scope["method"]
        attributes = {"http.request.method": method, "url.path": scope["path"], "kosu.request_id": caused.request_id}
        with tracer.start_as_current_span(
            method, context=Context(), kind=SpanKind.SERVER, attributes={k: v for k, v in attributes.items() if v}
        ) as span:

            async def send_and_note(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(StatusCode.ERROR)
                await send(message)

            token = cause.current.set(replace(caused, traceparent=_traceparent(span)))
            try:
                await self._app(scope, receive, send_and_note)
            finally:
                cause.current.reset(token)
                if route := scope.get("path_template"):
                    span.update_name(f"{method} {route}")
                    span.set_attribute("http.route", str(route))


def _provider(runtime: str, settings: TracingSettings) -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased  # noqa: PLC0415

    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(settings.percent / 100)),
        resource=Resource.create({"service.name": f"kosu-{runtime}", "service.version": __version__}),
    )
    exporter = OTLPSpanExporter(
        endpoint=f"{settings.endpoint}/v1/traces", headers=settings.sent_headers(), timeout=EXPORT_SECONDS
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _traceparent(span: Span) -> str:
    context = span.get_span_context()
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _child(name: str, **attributes: str) -> AbstractContextManager[object]:
    """A span within the one at hand. What nobody asked for, such as a process's own upkeep, gets none."""
    from opentelemetry.trace import SpanKind, get_current_span  # noqa: PLC0415

    if _On.tracer is None or not get_current_span().is_recording():
        return nullcontext()
    return _On.tracer.start_as_current_span(name, kind=SpanKind.CLIENT, attributes=attributes)


def _watch(container: Container) -> None:
    """Have the drivers' own objects make spans: of this container's, and of no other's in the process."""
    factory = _traced_cursor()
    for pool in (container.pool(), container.session_pool()):
        options: Any = pool.kwargs
        pool.kwargs = {**options, "cursor_factory": factory}
    _watch_engine(container.engine().sync_engine, factory)
    for client in {id(client): client for client in (container.redis(), container.queue_redis())}.values():
        _watch_redis(client)
    store: Any = container.object_store()
    for name, method in inspect.getmembers(store, inspect.iscoroutinefunction):
        if not name.startswith("_"):
            setattr(store, name, _traced(method, f"object_store {name}"))


def _traced_cursor() -> type[Any]:
    from psycopg import AsyncCursor  # noqa: PLC0415
    from psycopg.sql import Composable  # noqa: PLC0415

    class TracedCursor(AsyncCursor[Any]):
        async def execute(self, query: Any, *args: Any, **named: Any) -> Any:
            text = query.as_string(self) if isinstance(query, Composable) else query
            statement = (text.decode() if isinstance(text, bytes) else str(text)).strip()
            with _child(
                f"sql {statement.split(maxsplit=1)[0] if statement else ''}",
                **{"db.system.name": "postgresql", "db.query.text": statement[:_MOST_STATEMENT_CHARACTERS]},
            ):
                return await super().execute(query, *args, **named)

    return TracedCursor


def _watch_engine(engine: Any, factory: type[Any]) -> None:
    from sqlalchemy import event  # noqa: PLC0415

    def connected(connection: Any, _: object) -> None:
        connection.driver_connection.cursor_factory = factory

    event.listen(engine, "connect", connected)


def _watch_redis(client: Any) -> None:
    execute, pipeline = client.execute_command, client.pipeline

    async def execute_command(*args: Any, **options: Any) -> Any:
        with _child(f"redis {args[0]}", **{"db.system.name": "redis", "db.operation.name": str(args[0])}):
            return await execute(*args, **options)

    def traced_pipeline(*args: Any, **options: Any) -> Any:
        made = pipeline(*args, **options)
        made.execute = _traced(made.execute, "redis PIPELINE")
        return made

    client.execute_command, client.pipeline = execute_command, traced_pipeline


def _traced(method: Callable[..., Awaitable[Any]], name: str) -> Callable[..., Awaitable[Any]]:
    async def traced(*args: Any, **named: Any) -> Any:
        with _child(name):
            return await method(*args, **named)

    return traced
