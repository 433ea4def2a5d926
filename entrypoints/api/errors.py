"""Every error's way to the client: RFC 9457 problem documents. The one place where status codes are chosen."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap, Receive, Scope, Send

from entrypoints.api.request_context import request_id
from kosu import errors

log = logging.getLogger(__name__)

_MEMBER = re.compile(r"(?:missing required|unknown) field `([^`]+)`")

MEDIA_TYPE = "application/problem+json"

STATUS_OF_KIND: dict[type[errors.KosuError], HTTPStatus] = {
    errors.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

# Errors that the framework raises before any of our code runs.
CODE_OF_STATUS = {
    HTTPStatus.BAD_REQUEST: "malformed_request",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "payload_too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
}


class FieldError(msgspec.Struct, frozen=True):
    field: str
    message: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem document. `code` is stable; further members named by the code may follow.

    Source: RFC 9457.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldError] = []


def problem(
    status: HTTPStatus,
    code: str,
    detail: str,
    *,
    fields: list[FieldError] | None = None,
    facts: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response[bytes]:
    document = Problem(
        type=f"urn:kosu:problem:{code}",
        title=status.phrase,
        status=status,
        detail=detail,
        code=code,
        request_id=request_id(),
        errors=fields or [],
    )
    members = msgspec.to_builtins(document) | msgspec.to_builtins(facts or {})
    return Response(msgspec.json.encode(members), status_code=status, media_type=MEDIA_TYPE, headers=headers or {})


def domain_error(_: Request[Any, Any, Any], error: errors.KosuError) -> Response[bytes]:
    kind = next(kind for kind in type(error).__mro__ if kind in STATUS_OF_KIND)
    status = STATUS_OF_KIND[kind]
    headers: dict[str, str] = {}
    retry_after = getattr(error, "retry_after_seconds", None)
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="kosu"'
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        # The driver's words may name hosts; they belong into the log.
        log.warning("%s: %s", error.code, error)
        return problem(status, error.code, "A part of the service is away for a moment.", headers=headers)
    detail = str(error) or status.phrase
    fields = [FieldError(error.field, detail)] if isinstance(error, errors.Invalid) and error.field else []
    facts = {name: getattr(error, name) for name in error.facts}
    return problem(status, error.code, detail, fields=fields, facts=facts, headers=headers)


def validation_error(_: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    extra = error.extra if isinstance(error.extra, list) else []
    fields = [_field_error(entry) for entry in extra if isinstance(entry, dict)]
    return problem(HTTPStatus.BAD_REQUEST, "validation_failed", "The request does not fit its schema.", fields=fields)


def _field_error(entry: Mapping[str, Any]) -> FieldError:
    message = str(entry.get("message", ""))
    # Litestar names the whole body where a member of it is missing or unknown.
    member = _MEMBER.search(message)
    return FieldError(field=member[1] if member else str(entry.get("key", "")), message=message)


def malformed_body(_: Request[Any, Any, Any], error: RecursionError | UnicodeDecodeError) -> Response[bytes]:
    """What the JSON decoder raises besides its own errors; nothing else here recurses over or decodes input."""
    what = "is nested too deeply" if isinstance(error, RecursionError) else "is not UTF-8"
    return problem(HTTPStatus.BAD_REQUEST, "malformed_request", f"The JSON of the body {what}.")


def http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    status = HTTPStatus(error.status_code)
    code = CODE_OF_STATUS.get(status, status.phrase.lower().replace(" ", "_"))
    return problem(status, code, error.detail or status.phrase, headers=error.headers)


def unexpected_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.error("unexpected error at %s %s", request.method, request.url.path, exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", "Something went wrong on our side.")


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    errors.KosuError: domain_error,
    ValidationException: validation_error,
    HTTPException: http_error,
    RecursionError: malformed_body,
    UnicodeDecodeError: malformed_body,
    Exception: unexpected_error,
}


async def send_problem(error: Exception, app: Litestar, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer an error outside of the application as its own handling would."""
    # What a response asks of its request, as the application's own routing would set it.
    scope["litestar_app"] = app
    request: Request[Any, Any, Any] = Request(scope, receive, send)
    handler = next(EXCEPTION_HANDLERS[kind] for kind in type(error).__mro__ if kind in EXCEPTION_HANDLERS)
    answer: Response[bytes] = handler(request, error)
    await answer.to_asgi_response(None, request)(scope, receive, send)
