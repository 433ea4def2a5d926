"""The settings of every technology but the payment gateways, and all of them together."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from kosu.settings.fields import Secret, setting, webhook_secrets
from kosu.settings.gateways import PortOneSettings, StripeSettings, TossSettings

# The places that the database has for an account's devices.
MOST_DEVICES = 64

Profile = Literal["embedded", "production"]


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
class CatalogSettings:
    review_required: bool = setting("KOSU_COURSE_REVIEW", "only operators publish courses, after a review", False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingSettings:
    sandbox_webhook_secret: Secret = setting(
        "KOSU_SANDBOX_WEBHOOK_SECRET", "whsec_…, or several by commas; empty: sandbox off", Secret("")
    )
    seller_name: str = setting("KOSU_SELLER_NAME", "who sells, as receipts name it", "Kosu")
    seller_details: str = setting(
        "KOSU_SELLER_DETAILS", "what else receipts must say of the seller: address, registration number", ""
    )

    gateway_fees: str = setting(
        "KOSU_GATEWAY_FEES", "gateway:basis points,… that each keeps of a capture by its contract; for the books", ""
    )

    def fees(self) -> dict[str, int]:
        """Basis points by gateway. Raises ValueError on a malformed entry or more than the whole."""
        fees: dict[str, int] = {}
        for entry in filter(None, self.gateway_fees.split(",")):
            gateway, _, points = entry.partition(":")
            if not gateway.strip() or not points.strip().isdecimal() or int(points) > 10_000:
                msg = f"expected gateway:basis points by commas, each 0 to 10000, got {entry!r}"
                raise ValueError(msg)
            fees[gateway.strip()] = int(points)
        return fees

    def sandbox_secrets(self) -> list[str]:
        """Each as the gateway writes it; none where the sandbox is off. Raises ValueError on a malformed one."""
        return webhook_secrets(self.sandbox_webhook_secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSettings:
    work_directory: Path = setting("KOSU_MEDIA_WORK_DIR", "scratch space of runs, on a large disk", Path(".kosu/work"))
    max_upload_bytes: int = setting("KOSU_MAX_UPLOAD_BYTES", "largest source that is accepted", 20 * 1024**3)
    upload_quota_bytes: int = setting(
        "KOSU_UPLOAD_QUOTA_BYTES", "how much an instructor's files may have together; operators: any", 500 * 1024**3
    )
    chunk_threshold_seconds: int = setting(
        "KOSU_MEDIA_CHUNK_THRESHOLD_SECONDS",
        "videos from this length on are encoded by several workers; 0: none",
        1_200,
    )
    ffmpeg_path: str = setting("KOSU_FFMPEG_PATH", "empty: imageio-ffmpeg's wheel", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    api_url: str = setting("KOSU_API_URL", "base URL at which the API is reached from outside")
    web_url: str = setting("KOSU_WEB_URL", "base URL of the web client; empty: none", "")
    trusted_proxy_hops: int = setting(
        "KOSU_TRUSTED_PROXY_HOPS", "reverse proxies in front that add to X-Forwarded-For; 0: the peer is the client", 0
    )
    drain_seconds: int = setting(
        "KOSU_DRAIN_SECONDS",
        "how long an api process serves on, not ready, after it was told to stop; 0: not at all",
        5,
    )
    public_cache_bytes: int = setting(
        "KOSU_PUBLIC_CACHE_BYTES", "public pages kept by each api process; 0: none", 32 * 1024 * 1024
    )
    request_timeout_seconds: int = setting(
        "KOSU_REQUEST_TIMEOUT_SECONDS", "a request whose answer has not begun by then is given up; 0: never", 30
    )
    account_requests_per_minute: int = setting(
        "KOSU_ACCOUNT_REQUESTS_PER_MINUTE",
        "of an account, heartbeats apart; twice as many at once; 0: any number",
        1_200,
    )
    address_requests_per_minute: int = setting(
        "KOSU_ADDRESS_REQUESTS_PER_MINUTE",
        "of an address without an account, webhooks and kept pages apart; 0: any number",
        1_200,
    )
    unlimited_networks: str = setting(
        "KOSU_UNLIMITED_NETWORKS",
        "networks by commas that are not counted by address: where the web client's server asks from",
        "127.0.0.0/8,::1/128",
    )

    def networks(self) -> list[IPv4Network | IPv6Network]:
        """Raises ValueError on what is none."""
        return [ip_network(network.strip()) for network in self.unlimited_networks.split(",") if network.strip()]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsSettings:
    """Of the API `/metrics` is on its own port; workers and schedulers serve theirs on `port`."""

    token: Secret = setting(
        "KOSU_METRICS_TOKEN", "bearer token for /metrics; empty: only this machine may ask, past no proxy", Secret("")
    )
    port: int = setting("KOSU_METRICS_PORT", "where a worker or scheduler serves its metrics; 0: nowhere", 0)
    host: str = setting("KOSU_METRICS_HOST", "the address that it listens on", "127.0.0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class TracingSettings:
    endpoint: str = setting("KOSU_OTLP_ENDPOINT", "base URL of an OTLP/HTTP collector; empty: no traces", "")
    headers: Secret = setting("KOSU_OTLP_HEADERS", "name=value by commas, sent to the collector", Secret(""))
    percent: int = setting("KOSU_TRACE_PERCENT", "of all requests, how many are traced", 100)

    def sent_headers(self) -> dict[str, str]:
        """Raises ValueError on a malformed entry."""
        headers: dict[str, str] = {}
        for entry in filter(None, self.headers.split(",")):
            name, equals, value = entry.partition("=")
            if not equals or not name.strip():
                msg = "expected name=value by commas"
                raise ValueError(msg)
            headers[name.strip()] = value.strip()
        return headers


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
    catalog: CatalogSettings
    billing: BillingSettings
    stripe: StripeSettings
    portone: PortOneSettings
    toss: TossSettings
    media: MediaSettings
    http: HttpSettings
    metrics: MetricsSettings
    tracing: TracingSettings
