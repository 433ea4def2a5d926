"""Settings: read once from `KOSU_…` environment variables into frozen structs, one per technology.

A wrong or missing value stops the start with every problem listed, not only the first. `settings_table()` is the
documentation: `kosu doctor --settings` prints it.
"""

from __future__ import annotations

import dataclasses
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, get_type_hints
from urllib.parse import urlsplit

# The places that the database has for an account's devices.
MOST_DEVICES = 64

Profile = Literal["embedded", "production"]


class SettingsError(Exception):
    """The environment cannot be used. `problems` lists all that is wrong with it, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("These settings need attention:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


class Secret(str):
    """Text that never shows itself in a repr or a log; `str.__str__` still gives the value where it is used."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('…')"


def setting(env: str, doc: str, default: Any = dataclasses.MISSING) -> Any:
    """A field read from the variable `env`; without a default it is required."""
    return dataclasses.field(default=default, metadata={"env": env, "doc": doc})


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSettings:
    url: Secret = setting("KOSU_DATABASE_URL", "libpq URL of the database, e.g. postgresql://kosu@db/kosu")
    pool_size: int = setting("KOSU_DATABASE_POOL_SIZE", "connections for transactions, per process", 8)
    read_pool_size: int = setting("KOSU_DATABASE_READ_POOL_SIZE", "connections for reads and inboxes, per process", 8)
    statement_timeout_ms: int = setting(
        "KOSU_DATABASE_STATEMENT_TIMEOUT_MS", "a statement slower than this fails", 10_000
    )
    lock_timeout_ms: int = setting("KOSU_DATABASE_LOCK_TIMEOUT_MS", "a lock waited for longer than this fails", 2_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSettings:
    url: Secret = setting("KOSU_REDIS_URL", "redis://, rediss:// or unix:// URL")
    pool_size: int = setting("KOSU_REDIS_POOL_SIZE", "connections per process", 32)
    timeout_ms: int = setting("KOSU_REDIS_TIMEOUT_MS", "a reply slower than this counts as Redis being away", 2_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectStoreSettings:
    kind: Literal["s3", "filesystem"] = setting("KOSU_OBJECT_STORE", "which adapter keeps the objects", "s3")
    bucket: str = setting("KOSU_S3_BUCKET", "bucket of sources and renditions", "kosu-media")
    region: str = setting("KOSU_S3_REGION", "region of the bucket", "us-east-1")
    endpoint_url: str = setting("KOSU_S3_ENDPOINT_URL", "only for stores other than Amazon's", "")
    access_key_id: str = setting("KOSU_S3_ACCESS_KEY_ID", "empty: the SDK's own chain (role, profile)", "")
    secret_access_key: Secret = setting("KOSU_S3_SECRET_ACCESS_KEY", "empty: the SDK's own chain", Secret(""))
    directory: Path = setting("KOSU_STORE_DIR", "filesystem adapter: where objects live", Path(".kosu/objects"))
    url: str = setting("KOSU_STORE_URL", "filesystem adapter: public base URL of the edge's /storage", "")
    signing_key: Secret = setting("KOSU_STORE_SIGNING_KEY", "filesystem adapter: signs presigned URLs", Secret(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettings:
    media_base_url: str = setting("KOSU_MEDIA_BASE_URL", "host that serves /media: CloudFront, or the embedded edge")
    key_pair_id: str = setting("KOSU_CLOUDFRONT_KEY_PAIR_ID", "id of the public key in CloudFront's key group")
    private_key_pem: Secret = setting("KOSU_CLOUDFRONT_PRIVATE_KEY", "PEM, RSA-2048 or ECDSA P-256; signs cookies")
    cookie_ttl_seconds: int = setting("KOSU_MEDIA_COOKIE_TTL_SECONDS", "how long playback cookies open a video", 7_200)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitySettings:
    token_keys: Secret = setting("KOSU_TOKEN_KEYS", "kid:base64,… (32 bytes or more each); the first signs, all verify")
    issuer: str = setting("KOSU_TOKEN_ISSUER", "`iss` of access tokens", "kosu")
    access_ttl_seconds: int = setting("KOSU_ACCESS_TTL_SECONDS", "life of an access token", 600)
    device_limit: int = setting("KOSU_DEVICE_LIMIT", "live devices per account, 1 to 64", 5)
    device_limit_by_role: str = setting(
        "KOSU_DEVICE_LIMIT_BY_ROLE", "role:limit,… where a role has another; the most generous of somebody's counts", ""
    )
    device_limit_exempt: str = setting(
        "KOSU_DEVICE_LIMIT_EXEMPT", "e-mail addresses by commas, whose accounts may have 64", ""
    )
    device_limit_policy: Literal["ask", "evict_oldest"] = setting(
        "KOSU_DEVICE_LIMIT_POLICY", "one device too many: ask which one gives way, or end the one unseen longest", "ask"
    )
    stream_limit: int = setting("KOSU_STREAM_LIMIT", "devices of an account that may play at once, 1 or more", 2)
    cookies_secure: bool = setting("KOSU_COOKIES_SECURE", "Secure cookies with the __Host- prefix", True)

    def role_limits(self) -> dict[str, int]:
        """Device limit by role. Raises ValueError on a malformed entry or a limit out of range."""
        limits: dict[str, int] = {}
        for entry in filter(None, self.device_limit_by_role.split(",")):
            role, _, limit = entry.partition(":")
            if not role.strip() or not limit.strip().isdecimal() or not 1 <= int(limit) <= MOST_DEVICES:
                msg = f"expected role:limit by commas, each limit 1 to {MOST_DEVICES}, got {entry!r}"
                raise ValueError(msg)
            limits[role.strip()] = int(limit)
        return limits

    def exempt_addresses(self) -> frozenset[str]:
        """As accounts keep them: without case."""
        return frozenset(address.strip().casefold() for address in self.device_limit_exempt.split(",") if address)

    def keyring(self) -> dict[str, bytes]:
        """Key by kid, in the order given. Raises ValueError on a malformed or short key."""
        keys: dict[str, bytes] = {}
        for entry in self.token_keys.split(","):
            kid, _, encoded = entry.partition(":")
            key = b64decode(encoded, validate=True)
            if not kid or len(key) < 32:
                msg = "each key needs a kid and at least 32 bytes"
                raise ValueError(msg)
            keys[kid] = key
        return keys


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    kind: Literal["smtp", "filesystem"] = setting("KOSU_MAILER", "smtp, or files in a folder (embedded)", "smtp")
    sender: str = setting("KOSU_MAIL_FROM", "From: of every mail", "Kosu <no-reply@localhost>")
    smtp_host: str = setting("KOSU_SMTP_HOST", "host of the mail server", "localhost")
    smtp_port: int = setting("KOSU_SMTP_PORT", "its port", 25)
    smtp_user: str = setting("KOSU_SMTP_USER", "empty: no login", "")
    smtp_password: Secret = setting("KOSU_SMTP_PASSWORD", "password for the login", Secret(""))
    smtp_starttls: bool = setting("KOSU_SMTP_STARTTLS", "upgrade the connection before anything is sent", True)
    directory: Path = setting("KOSU_MAIL_DIR", "filesystem adapter: where mails are written", Path(".kosu/mail"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingSettings:
    sandbox_webhook_secret: Secret = setting(
        "KOSU_SANDBOX_WEBHOOK_SECRET", "whsec_…, or several by commas; empty: sandbox off", Secret("")
    )

    def sandbox_secrets(self) -> list[str]:
        """Each as the gateway writes it; none where the sandbox is off. Raises ValueError on a malformed one."""
        return _webhook_secrets(self.sandbox_webhook_secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortOneSettings:
    """One channel of one store; PortOne is off as long as nothing of it is set."""

    store_id: str = setting("KOSU_PORTONE_STORE_ID", "store-…; empty: PortOne off", "")
    channel_key: str = setting("KOSU_PORTONE_CHANNEL_KEY", "channel-key-… of the provider that buyers pay with", "")
    api_secret: Secret = setting("KOSU_PORTONE_API_SECRET", "V2 API secret", Secret(""))
    webhook_secret: Secret = setting(
        "KOSU_PORTONE_WEBHOOK_SECRET", "whsec_…, or several by commas while one is exchanged", Secret("")
    )
    api_url: str = setting("KOSU_PORTONE_API_URL", "base URL of PortOne's API", "https://api.portone.io")
    pg_origins: str = setting(
        "KOSU_PORTONE_PG_ORIGINS",
        "origins by spaces that the channel's provider needs on the checkout page, e.g. https://*.inicis.com",
        "",
    )

    def webhook_secrets(self) -> list[str]:
        """Each as PortOne's console shows it. Raises ValueError on a malformed one."""
        return _webhook_secrets(self.webhook_secret)

    def origins(self) -> list[str]:
        """Raises ValueError on what is none: it would end up in a security policy."""
        origins = self.pg_origins.split()
        for origin in origins:
            if not re.fullmatch(r"https://[A-Za-z0-9*.:-]+", origin):
                msg = f"expected https:// origins by spaces, got {origin!r}"
                raise ValueError(msg)
        return origins


@dataclass(frozen=True, slots=True, kw_only=True)
class TossSettings:
    """The keys of the API for payments of one's own; Toss is off as long as neither is set."""

    client_key: str = setting("KOSU_TOSS_CLIENT_KEY", "…_ck_… for the buyer's browser; empty: Toss off", "")
    secret_key: Secret = setting("KOSU_TOSS_SECRET_KEY", "…_sk_… that belongs to it", Secret(""))
    api_url: str = setting("KOSU_TOSS_API_URL", "base URL of Toss's API", "https://api.tosspayments.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSettings:
    work_directory: Path = setting("KOSU_MEDIA_WORK_DIR", "scratch space of runs, on a large disk", Path(".kosu/work"))
    max_upload_bytes: int = setting("KOSU_MAX_UPLOAD_BYTES", "largest source that is accepted", 20 * 1024**3)
    ffmpeg_path: str = setting("KOSU_FFMPEG_PATH", "empty: imageio-ffmpeg's wheel", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    api_url: str = setting("KOSU_API_URL", "base URL at which the API is reached from outside")
    web_url: str = setting("KOSU_WEB_URL", "base URL of the web client; empty: none", "")
    trusted_proxy_hops: int = setting(
        "KOSU_TRUSTED_PROXY_HOPS", "reverse proxies in front that add to X-Forwarded-For; 0: the peer is the client", 0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of a runtime. Every runtime reads all of them, so that they cannot disagree."""

    profile: Profile = setting(
        "KOSU_PROFILE", "production refuses sandbox, insecure cookies and the edge", "production"
    )
    postgres: PostgresSettings
    redis: RedisSettings
    object_store: ObjectStoreSettings
    delivery: DeliverySettings
    identity: IdentitySettings
    mail: MailSettings
    billing: BillingSettings
    portone: PortOneSettings
    toss: TossSettings
    media: MediaSettings
    http: HttpSettings


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
        if text is None:
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
            ("KOSU_PORTONE_API_URL", settings.portone.api_url),
            ("KOSU_TOSS_API_URL", settings.toss.api_url),
        )
        if urlsplit(url).scheme not in {"http", "https"} or url.endswith("/")
    ]
    try:
        settings.identity.keyring()
    except ValueError as error:
        problems.append(f"KOSU_TOKEN_KEYS: {error}")
    try:
        settings.billing.sandbox_secrets()
    except ValueError as error:
        problems.append(f"KOSU_SANDBOX_WEBHOOK_SECRET: {error}")
    problems += _half_set(settings.portone, "store_id", "channel_key", "api_secret", "webhook_secret")
    problems += _half_set(settings.toss, "client_key", "secret_key")
    try:
        settings.portone.webhook_secrets()
    except ValueError as error:
        problems.append(f"KOSU_PORTONE_WEBHOOK_SECRET: {error}")
    try:
        settings.portone.origins()
    except ValueError as error:
        problems.append(f"KOSU_PORTONE_PG_ORIGINS: {error}")
    if not 1 <= settings.identity.device_limit <= MOST_DEVICES:
        problems.append(f"KOSU_DEVICE_LIMIT: expected 1 to {MOST_DEVICES}")
    if settings.identity.stream_limit < 1:
        problems.append("KOSU_STREAM_LIMIT: expected 1 or more")
    try:
        settings.identity.role_limits()
    except ValueError as error:
        problems.append(f"KOSU_DEVICE_LIMIT_BY_ROLE: {error}")
    if settings.object_store.kind == "filesystem" and not (
        settings.object_store.url and settings.object_store.signing_key
    ):
        problems.append("KOSU_STORE_URL and KOSU_STORE_SIGNING_KEY are needed by the filesystem object store")
    if settings.profile == "production":
        if settings.billing.sandbox_webhook_secret:
            problems.append("KOSU_SANDBOX_WEBHOOK_SECRET: the sandbox gateway is not for production")
        if not settings.identity.cookies_secure:
            problems.append("KOSU_COOKIES_SECURE: production needs secure cookies")
        if settings.object_store.kind == "filesystem":
            problems.append("KOSU_OBJECT_STORE: production needs s3")
    return problems


def _half_set(struct: Any, *names: str) -> list[str]:
    """These fields are set together or not at all: a problem for each that is missing beside the others."""
    missing = [name for name in names if not getattr(struct, name)]
    if len(missing) in {0, len(names)}:
        return []
    fields = {field.name: field.metadata for field in dataclasses.fields(struct)}
    return [f"{fields[name]['env']} is missing beside the others: {fields[name]['doc']}" for name in missing]


def _webhook_secrets(by_commas: str) -> list[str]:
    """Secrets as Standard Webhooks writes them. Raises ValueError on a malformed one."""
    secrets = by_commas.split(",") if by_commas else []
    for secret in secrets:
        if not secret.startswith("whsec_") or not b64decode(secret.removeprefix("whsec_"), validate=True):
            msg = "each secret is whsec_ and base64"
            raise ValueError(msg)
    return secrets
