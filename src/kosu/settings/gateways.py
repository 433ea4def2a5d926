"""The settings of payment gateways. Each is off as long as nothing of it is set."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

from kosu.settings.fields import Secret, setting, webhook_secrets


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
        return webhook_secrets(self.webhook_secret)

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
class StripeSettings:
    secret_key: Secret = setting("KOSU_STRIPE_SECRET_KEY", "sk_… or rk_…; empty: Stripe off", Secret(""))
    webhook_secret: Secret = setting(
        "KOSU_STRIPE_WEBHOOK_SECRET", "whsec_… of the endpoint, or several by commas", Secret("")
    )
    api_url: str = setting("KOSU_STRIPE_API_URL", "base URL of Stripe's API", "https://api.stripe.com")

    @property
    def is_on(self) -> bool:
        return bool(self.secret_key)

    def webhook_secrets(self) -> list[str]:
        """Each as Stripe shows it; none where Stripe is off. Raises ValueError on a malformed one."""
        secrets = self.webhook_secret.split(",") if self.webhook_secret else []
        if any(not re.fullmatch(r"whsec_[!-~]+", secret) for secret in secrets):
            msg = "each secret is whsec_ and what follows it"
            raise ValueError(msg)
        return secrets

    def checked_key(self) -> str:
        """Raises ValueError unless it is a key for servers."""
        if self.secret_key and not re.fullmatch(r"[sr]k_[A-Za-z0-9_]+", self.secret_key):
            msg = "expected sk_… or rk_…"
            raise ValueError(msg)
        return self.secret_key


def half_set(struct: Any, *names: str) -> list[str]:
    """These fields are set together or not at all: a problem for each that is missing beside the others."""
    missing = [name for name in names if not getattr(struct, name)]
    if len(missing) in {0, len(names)}:
        return []
    fields = {field.name: field.metadata for field in dataclasses.fields(struct)}
    return [f"{fields[name]['env']} is missing beside the others: {fields[name]['doc']}" for name in missing]
