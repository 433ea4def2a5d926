"""The `KOSU_…` environment of the processes of an embedded stack."""

from __future__ import annotations

from collections.abc import Mapping

from entrypoints.embedded.home import Home
from entrypoints.embedded.postgres import DATABASE, database_url
from entrypoints.embedded.redis import redis_url
from entrypoints.embedded.runtimes import Addresses
from entrypoints.embedded.secrets import Secrets


def server_environment(base: Mapping[str, str]) -> dict[str, str]:
    """What PostgreSQL, Redis and all others see of the caller's environment: no `PG…` that would lead libpq astray."""
    return {name: value for name, value in base.items() if not name.startswith("PG")}


def runtime_environment(
    base: Mapping[str, str],
    *,
    home: Home,
    secrets: Secrets,
    addresses: Addresses,
) -> dict[str, str]:
    """What the runtimes see. What we must decide wins over `base`; other settings of the caller stay in force."""
    # One process serves all by itself: nobody has to be told before it stops.
    return server_environment({"KOSU_DRAIN_SECONDS": "0", **base}) | {
        "PYTHONUNBUFFERED": "1",
        "KOSU_PROFILE": "embedded",
        "KOSU_DATABASE_URL": database_url(home.sockets, DATABASE),
        "KOSU_REDIS_URL": redis_url(home.sockets),
        "KOSU_OBJECT_STORE": "filesystem",
        "KOSU_STORE_DIR": str(home.objects),
        "KOSU_STORE_URL": f"{addresses.edge_url}/storage",
        "KOSU_STORE_SIGNING_KEY": secrets.store_signing_key,
        "KOSU_MEDIA_BASE_URL": addresses.public_media_url,
        "KOSU_CLOUDFRONT_KEY_PAIR_ID": "KEMBEDDED",
        "KOSU_CLOUDFRONT_PRIVATE_KEY": secrets.delivery_private_key_pem,
        "KOSU_TOKEN_KEYS": secrets.token_keys,
        # Plain HTTP on the loopback interface: browsers would drop Secure cookies on some systems.
        "KOSU_COOKIES_SECURE": "false",
        "KOSU_MAILER": "filesystem",
        "KOSU_MAIL_DIR": str(home.mail),
        "KOSU_SANDBOX_WEBHOOK_SECRET": secrets.sandbox_webhook_secret,
        "KOSU_MEDIA_WORK_DIR": str(home.work),
        "KOSU_API_URL": addresses.public_api_url,
        "KOSU_WEB_URL": addresses.web_url or "",
    }
