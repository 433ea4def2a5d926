"""What operators may see of a webhook's body: what happened to money, not who paid or with which card."""

from __future__ import annotations

from typing import TypeAlias, cast

import msgspec

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

REDACTED = "[redacted]"
# Parts of names of members, lower case and without separators, under which gateways keep people, cards and secrets.
_PRIVATE = (
    "name", "email", "phone", "mobile", "address", "customer", "buyer", "payer", "card", "account", "bank", "iban",
    "cvc", "cvv", "expiry", "owner", "holder", "secret", "token", "ipaddress", "birth", "billingdetails", "shipping",
)  # fmt: skip


def redacted(payload: bytes) -> Json:
    """A body as JSON without its private members; None where it is no JSON."""
    try:
        return _redacted(cast("Json", msgspec.json.decode(payload)))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _redacted(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: REDACTED if _is_private(key) else _redacted(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_redacted(member) for member in value]
    return value


def _is_private(key: str) -> bool:
    plain = key.lower().replace("_", "").replace("-", "")
    return any(part in plain for part in _PRIVATE)
