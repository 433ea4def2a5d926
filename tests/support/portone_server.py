"""PortOne V2 in miniature: its REST API, its browser SDK's effect and its webhooks, as it documents them.

It is strict where PortOne is: the secret is checked, a body has the documented members only, and an idempotency key is
a quoted string that makes the same request the same answer.

Source: https://developers.portone.io/api/rest-v2
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any

import standardwebhooks

from kosu.adapters.memory.clock import MemoryClock
from kosu.money import Money
from tests.support.gateways import Webhook
from tests.support.vendor_server import Asked, Json, Vendor

STORE = "store-1"
CHANNEL = "channel-key-1"
API_SECRET = "portone-api-secret"
WEBHOOK_SECRET = "whsec_" + b64encode(b"the webhook secret of PortOne").decode()
# How long an idempotency key is remembered.
KEY_LIFE = timedelta(hours=3)
_KEY = re.compile(r'"[!#-~]{16,256}"')

Answer = tuple[int, Any]


def refusal(status: int, error_type: str, **more: str) -> Answer:
    return status, {"type": error_type, "message": "…", **more}


class PortOneServer(Vendor):
    """`payments` are its documents by id; `refuses` is what it says to cancellations."""

    def __init__(self, clock: MemoryClock) -> None:
        super().__init__()
        self.clock = clock
        self.payments: dict[str, Json] = {}
        self.registered: dict[str, Money] = {}
        self.webhooks: list[Webhook] = []
        self.refuses: Answer | None = None
        self.cancels_at_once = True
        self._answered: dict[str, tuple[datetime, Asked, Answer]] = {}
        self._count = 0

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != f"PortOne {API_SECRET}":
            return refusal(401, "UNAUTHORIZED")
        answer: Answer = (404, {})
        match asked.method, asked.steps:
            case "GET", ["payments"]:
                answer = self._list(asked)
            case "GET", ["payments", payment_id]:
                answer = self._found(payment_id, asked.query.get("storeId", STORE))
            case "POST", ["payments", payment_id, "pre-register"]:
                answer = self._register(payment_id, asked.body)
            case "POST", ["payments", payment_id, "cancel"]:
                answer = self._once(asked, payment_id)
        return answer

    def _found(self, payment_id: str, store: str) -> Answer:
        if store != STORE:
            return refusal(403, "FORBIDDEN")
        payment = self.payments.get(payment_id)
        return refusal(404, "PAYMENT_NOT_FOUND") if payment is None else (200, payment)

    def _register(self, payment_id: str, body: Json) -> Answer:
        if not set(body) <= {"storeId", "totalAmount", "taxFreeAmount", "currency"} or body.get("storeId") != STORE:
            return refusal(400, "INVALID_REQUEST")
        if self.payments.get(payment_id, {}).get("status") == "PAID":
            return refusal(409, "ALREADY_PAID")
        self.registered[payment_id] = Money(body["totalAmount"], body["currency"])
        return 200, {}

    def _once(self, asked: Asked, payment_id: str) -> Answer:
        key = asked.headers.get("idempotency-key", "")
        if not _KEY.fullmatch(key):
            return refusal(400, "INVALID_REQUEST")
        known = self._answered.get(key)
        if known is not None and known[0] + KEY_LIFE > self.clock.now():
            return known[2] if known[1].body == asked.body else refusal(400, "INVALID_REQUEST")
        answer = self._cancel(payment_id, asked.body)
        self._answered[key] = (self.clock.now(), asked, answer)
        return answer

    def _cancel(self, payment_id: str, body: Json) -> Answer:
        if not set(body) <= {"storeId", "amount", "reason"} or not body.get("reason"):
            return refusal(400, "INVALID_REQUEST")
        if self.refuses is not None:
            return self.refuses
        payment = self.payments.get(payment_id)
        if payment is None:
            return refusal(404, "PAYMENT_NOT_FOUND")
        left = payment["amount"]["total"] - payment["amount"]["cancelled"]
        if payment["status"] not in {"PAID", "PARTIAL_CANCELLED"}:
            return refusal(409, "PAYMENT_NOT_PAID" if left else "PAYMENT_ALREADY_CANCELLED")
        if body["amount"] > left:
            return refusal(409, "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT")
        return 200, {"cancellation": self.cancel(payment_id, body["amount"], body["reason"])}

    def _list(self, asked: Asked) -> Answer:
        wanted = json.loads(asked.query["requestBody"])
        if wanted["filter"]["timestampType"] != "STATUS_CHANGED_AT":
            return refusal(400, "INVALID_REQUEST")
        since, page = datetime.fromisoformat(wanted["filter"]["from"]), wanted["page"]
        items = [
            payment
            for payment in sorted(self.payments.values(), key=lambda payment: payment["statusChangedAt"])
            if datetime.fromisoformat(payment["statusChangedAt"]) >= since
        ]
        start = page["number"] * page["size"]
        return 200, {"items": items[start : start + page["size"]], "page": {**page, "totalCount": len(items)}}

    def at(self) -> str:
        return self.clock.now().isoformat().replace("+00:00", "Z")

    def try_to_pay(self, payment_id: str, status: str, **more: object) -> Json:
        """What the browser SDK brings about: another try, with a transaction id of its own."""
        money = self.registered[payment_id]
        self.payments[payment_id] = {
            "status": status,
            "id": payment_id,
            "transactionId": self._id("tx"),
            "merchantId": "merchant-1",
            "storeId": STORE,
            "channel": {
                "type": "TEST",
                "id": "channel-1",
                "key": CHANNEL,
                "name": "test",
                "pgProvider": "TOSSPAYMENTS",
            },
            "version": "V2",
            "requestedAt": self.at(),
            "updatedAt": self.at(),
            "statusChangedAt": self.at(),
            "orderName": "Course",
            "amount": {
                "total": money.amount_minor,
                "taxFree": 0,
                "discount": 0,
                "paid": money.amount_minor,
                "cancelled": 0,
                "cancelledTaxFree": 0,
            },
            "currency": money.currency,
            "customer": {"name": "김하나", "email": "hana@kosu.test"},
            "disputes": [],
            **more,
        }
        return self.payments[payment_id]

    def cancel(self, payment_id: str, amount: int, reason: str) -> Json:
        """Asked for over the API, or in PortOne's console."""
        payment = self.payments[payment_id]
        done = {"status": "SUCCEEDED", "cancelledAt": self.at()} if self.cancels_at_once else {"status": "REQUESTED"}
        cancellation: Json = {
            **done,
            "id": self._id("cancellation"),
            "totalAmount": amount,
            "taxFreeAmount": 0,
            "vatAmount": 0,
            "reason": reason,
            "requestedAt": self.at(),
        }
        payment.setdefault("cancellations", []).append(cancellation)
        if self.cancels_at_once:
            payment["amount"]["cancelled"] += amount
            whole = payment["amount"]["cancelled"] == payment["amount"]["total"]
            payment.update(
                status="CANCELLED" if whole else "PARTIAL_CANCELLED", cancelledAt=self.at(), statusChangedAt=self.at()
            )
            self.tell("Transaction.Cancelled" if whole else "Transaction.PartialCancelled", payment, cancellation["id"])
        else:
            self.tell("Transaction.CancelPending", payment, cancellation["id"])
        return cancellation

    def tell(self, event_type: str, payment: Json, cancellation_id: str | None = None, store: str = STORE) -> None:
        data = {"paymentId": payment["id"], "storeId": store, "transactionId": payment["transactionId"]}
        if cancellation_id is not None:
            data["cancellationId"] = cancellation_id
        self.send({"type": event_type, "timestamp": self.at(), "data": data})

    def send(self, event: object, *, secret: str = WEBHOOK_SECRET) -> None:
        """Sign by the official library what is then on its way."""
        raw, message_id, now = json.dumps(event), self._id("msg"), self.clock.now()
        self.webhooks.append(
            (
                raw.encode(),
                {
                    "webhook-id": message_id,
                    "webhook-timestamp": str(int(now.timestamp())),
                    "webhook-signature": standardwebhooks.Webhook(secret).sign(message_id, now, raw),
                },
            )
        )

    def _id(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}-{self._count}"
