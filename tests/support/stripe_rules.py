"""What Stripe's API is strict about: names and values of parameters, amounts, pages.

Source: https://docs.stripe.com/api, https://docs.stripe.com/currencies
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from tests.support.stripe_account import Json

SESSION_PARAMETERS = {
    "adaptive_pricing", "cancel_url", "client_reference_id", "expires_at", "expand", "line_items", "metadata", "mode",
    "payment_intent_data", "success_url",
}  # fmt: skip
REFUND_PARAMETERS = {"amount", "charge", "expand", "metadata", "payment_intent", "reason"}
LIST_PARAMETERS = {"ending_before", "expand", "limit", "starting_after"}
EXPANDABLE = {"payment_intent", "payment_intent.latest_charge"}
_WITH_DECIMALS = {"isk", "ugx"}
_THREE_DECIMALS = {"bhd", "jod", "kwd", "omr", "tnd"}
_CURRENCIES = {"usd", "eur", "krw", "jpy", "mga", *_WITH_DECIMALS, *_THREE_DECIMALS}
# In the currency's own unit of the API; about half a dollar.
_LEAST = {"krw": 600, "jpy": 50, "mga": 2_000}


class Refusal(Exception):  # noqa: N818 - an answer rather than an error
    def __init__(self, status: int, kind: str, code: str | None = None, param: str | None = None) -> None:
        super().__init__(code or kind)
        self.status = status
        self.body = {"error": {"type": kind, "code": code, "param": param, "message": f"{kind}: {code}"}}


def invalid(code: str | None = None, param: str | None = None, *, status: int = 400) -> Refusal:
    return Refusal(status, "invalid_request_error", code, param)


def nested(form: str) -> Json:
    """A form's parameters as the API reads them: brackets are members, of maps and of lists alike."""
    nested: Json = {}
    for name, value in parse_qsl(form, keep_blank_values=True, strict_parsing=bool(form)):
        head, *rest = name.replace("]", "").split("[")
        keys: list[Any] = [head, *(int(key) if key.isdecimal() else key for key in rest)]
        place = nested
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    return nested


def page(objects: Sequence[Json], parameters: Json) -> Json:
    """Newest first."""
    limit = whole(parameters.get("limit", "10"))
    if not 1 <= limit <= 100:
        raise invalid(param="limit")
    newest_first = list(reversed(objects))
    if (behind := parameters.get("starting_after")) is not None:
        ids = [entry["id"] for entry in newest_first]
        if behind not in ids:
            raise invalid("resource_missing", "starting_after")
        newest_first = newest_first[ids.index(behind) + 1 :]
    return {"object": "list", "data": newest_first[:limit], "has_more": len(newest_first) > limit, "url": "/v1/x"}


def values(members: Json) -> list[str]:
    return [str(value) for value in members.values()]


def known(parameters: Json, names: set[str]) -> None:
    for name in parameters:
        if name not in names:
            raise invalid("parameter_unknown", str(name))


def needed(parameters: Json, *names: str) -> None:
    for name in names:
        if not parameters.get(name):
            raise invalid("parameter_missing", name)


def whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise invalid("parameter_invalid_integer")
    return int(text)


def checked_amount(amount: int, currency: str) -> None:
    if currency not in _CURRENCIES:
        raise invalid("currency_not_supported" if currency.islower() else None, "currency")
    if amount < _LEAST.get(currency, 50):
        raise invalid("amount_too_small")
    if amount > 99_999_999:
        raise invalid("amount_too_large")
    if currency in _WITH_DECIMALS and amount % 100:
        raise invalid("invalid_charge_amount_no_decimal_compatible")
    if currency in _THREE_DECIMALS and amount % 10:
        raise invalid()


def checked_metadata(metadata: Json) -> None:
    if len(metadata) > 50 or any(len(str(key)) > 40 or len(value) > 500 for key, value in metadata.items()):
        raise invalid(param="metadata")
