"""Reading settings from the environment, and what is wrong with them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar, get_type_hints
from urllib.parse import urlsplit

from kosu.settings.gateways import half_set
from kosu.settings.structs import MOST_DEVICES, Settings

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class SettingsError(Exception):
    """The environment cannot be used. `problems` lists all that is wrong with it, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("These settings need attention:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check all settings.

    Raises:
        SettingsError: with every problem found.
    """
    problems: list[str] = []
    settings = _read(Settings, environ, problems)
    if settings is not None:
        problems += _contradictions(settings)
    if problems or settings is None:
        raise SettingsError(problems)
    return settings


def settings_table() -> list[tuple[str, str, str]]:
    """Every variable with its default (or `required`) and its meaning, in the order of the structs."""
    return list(_rows(Settings))


def _rows(struct: type[Any]) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    hints = get_type_hints(struct)
    for field in dataclasses.fields(struct):
        if not field.metadata:
            rows += _rows(hints[field.name])
            continue
        default = "required" if field.default is dataclasses.MISSING else str(field.default) or "(empty)"
        rows.append((field.metadata["env"], default, field.metadata["doc"]))
    return rows


S = TypeVar("S")


def _read(struct: type[S], environ: Mapping[str, str], problems: list[str]) -> S | None:
    values: dict[str, Any] = {}
    complete = True
    hints = get_type_hints(struct)
    for field in dataclasses.fields(struct):  # type: ignore[arg-type]
        kind = hints[field.name]
        if not field.metadata:
            values[field.name] = _read(kind, environ, problems)
            complete = complete and values[field.name] is not None
            continue
        env = field.metadata["env"]
        text = environ.get(env)
        if text is None or (text == "" and field.default is dataclasses.MISSING):
            if field.default is dataclasses.MISSING:
                problems.append(f"{env} is missing: {field.metadata['doc']}")
                complete = False
            continue
        try:
            values[field.name] = _parse(kind, text)
        except ValueError as error:
            problems.append(f"{env}: {error}")
            complete = False
    return struct(**values) if complete else None


def _parse(kind: Any, text: str) -> Any:
    if kind is bool:
        if text.lower() not in {"true", "false", "1", "0", "yes", "no"}:
            msg = f"expected true or false, got {text!r}"
            raise ValueError(msg)
        return text.lower() in {"true", "1", "yes"}
    if kind is int:
        try:
            number = int(text)
        except ValueError:
            number = -1
        if number < 0:
            msg = f"expected a whole number, 0 or more, got {text!r}"
            raise ValueError(msg)
        return number
    choices = getattr(kind, "__args__", None)
    if choices:
        if text not in choices:
            msg = f"expected one of {', '.join(choices)}, got {text!r}"
            raise ValueError(msg)
        return text
    return kind(text)


def _contradictions(settings: Settings) -> list[str]:
    """What no single value shows: urls that are none, keys that do not decode, a toy part in production."""
    problems = [
        f"{env}: expected an http(s) URL without a trailing slash, got {url!r}"
        for env, url in (
            ("KOSU_API_URL", settings.http.api_url),
            ("KOSU_MEDIA_BASE_URL", settings.delivery.media_base_url),
            ("KOSU_STRIPE_API_URL", settings.stripe.api_url),
            ("KOSU_PORTONE_API_URL", settings.portone.api_url),
            ("KOSU_TOSS_API_URL", settings.toss.api_url),
            *((("KOSU_OTLP_ENDPOINT", settings.tracing.endpoint),) if settings.tracing.endpoint else ()),
        )
        if urlsplit(url).scheme not in {"http", "https"} or url.endswith("/")
    ]
    for env, read in (
        ("KOSU_TOKEN_KEYS", settings.identity.keyring),
        ("KOSU_DEVICE_LIMIT_BY_ROLE", settings.identity.role_limits),
        ("KOSU_SANDBOX_WEBHOOK_SECRET", settings.billing.sandbox_secrets),
        ("KOSU_GATEWAY_FEES", settings.billing.fees),
        ("KOSU_STRIPE_SECRET_KEY", settings.stripe.checked_key),
        ("KOSU_STRIPE_WEBHOOK_SECRET", settings.stripe.webhook_secrets),
        ("KOSU_PORTONE_WEBHOOK_SECRET", settings.portone.webhook_secrets),
        ("KOSU_PORTONE_PG_ORIGINS", settings.portone.origins),
        ("KOSU_UNLIMITED_NETWORKS", settings.http.networks),
        ("KOSU_OTLP_HEADERS", settings.tracing.sent_headers),
    ):
        try:
            read()
        except ValueError as error:
            problems.append(f"{env}: {error}")
    problems += half_set(settings.stripe, "secret_key", "webhook_secret")
    problems += half_set(settings.portone, "store_id", "channel_key", "api_secret", "webhook_secret")
    problems += half_set(settings.toss, "client_key", "secret_key")
    if not 1 <= settings.identity.device_limit <= MOST_DEVICES:
        problems.append(f"KOSU_DEVICE_LIMIT: expected 1 to {MOST_DEVICES}")
    if settings.identity.stream_limit < 1:
        problems.append("KOSU_STREAM_LIMIT: expected 1 or more")
    if settings.object_store.kind == "filesystem" and not (
        settings.object_store.url and settings.object_store.signing_key
    ):
        problems.append("KOSU_STORE_URL and KOSU_STORE_SIGNING_KEY are needed by the filesystem object store")
    if settings.tracing.percent > 100:
        problems.append("KOSU_TRACE_PERCENT: expected 0 to 100")
    if settings.metrics.port and settings.metrics.host not in _LOOPBACK and not settings.metrics.token:
        problems.append("KOSU_METRICS_TOKEN is needed where KOSU_METRICS_HOST is not this machine alone")
    if settings.profile == "production":
        problems += _toys(settings)
    return problems


def _toys(settings: Settings) -> list[str]:
    """What is convenient on one's own machine, and would be a hole or a loss in production."""
    problems = [
        f"{env}: {told}"
        for env, is_toy, told in (
            (
                "KOSU_SANDBOX_WEBHOOK_SECRET",
                settings.billing.sandbox_webhook_secret,
                "the sandbox is not for production",
            ),
            ("KOSU_COOKIES_SECURE", not settings.identity.cookies_secure, "production needs secure cookies"),
            ("KOSU_OBJECT_STORE", settings.object_store.kind == "filesystem", "production needs s3"),
            ("KOSU_MAILER", settings.mail.kind == "filesystem", "production needs smtp"),
            (
                "KOSU_SMTP_STARTTLS",
                settings.mail.smtp_password and not settings.mail.smtp_starttls,
                "production sends its password encrypted only",
            ),
            ("KOSU_TOKEN_KEYS", _has_weak_key(settings), "a key of one byte over and over is an example, not a secret"),
        )
        if is_toy
    ]
    problems += [
        f"{env}: production is reached, and reaches others, over https only"
        for env, url in (
            ("KOSU_API_URL", settings.http.api_url),
            ("KOSU_WEB_URL", settings.http.web_url),
            ("KOSU_MEDIA_BASE_URL", settings.delivery.media_base_url),
            ("KOSU_STRIPE_API_URL", settings.stripe.api_url),
            ("KOSU_PORTONE_API_URL", settings.portone.api_url),
            ("KOSU_TOSS_API_URL", settings.toss.api_url),
        )
        if url and urlsplit(url).scheme != "https"
    ]
    return problems


def _has_weak_key(settings: Settings) -> bool:
    try:
        return any(len(set(key)) < 8 for key in settings.identity.keyring().values())
    except ValueError:
        return False  # told already
