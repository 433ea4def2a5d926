"""Toss Payments in miniature: its API, its browser SDK's effect and its unsigned webhooks, as it documents them.

It is strict where Toss is: the secret is checked, a body has the documented members only, an order is paid once, within
ten minutes of the buyer's coming back, and an idempotency key makes the same request the same answer.

Source: https://docs.tosspayments.com/reference
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from kosu.adapters.memory.clock import MemoryClock
from kosu.money import Money
from tests.support.gateways import Webhook
from tests.support.vendor_server import Asked, Json, Vendor

SECRET_KEY = "test_sk_1"
KST = timezone(timedelta(hours=9))
CONFIRM_WITHIN = timedelta(minutes=10)
_CREDENTIALS = "Basic " + b64encode(f"{SECRET_KEY}:".encode()).decode()

Answer = tuple[int, Any]


def refusal(status: int, code: str) -> Answer:
    return status, {"code": code, "message": "…"}


class TossServer(Vendor):
    """`payments` are its documents by payment key; `refuses` is what it says to confirmations and cancellations."""

    def __init__(self, clock: MemoryClock) -> None:
        super().__init__()
        self.clock = clock
        self.payments: dict[str, Json] = {}
        self.transactions: list[Json] = []
        self.webhooks: list[Webhook] = []
        self.refuses: Answer | None = None
        self._answered: dict[tuple[str, str], Answer] = {}
        self._count = 0

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != _CREDENTIALS:
            return refusal(401, "UNAUTHORIZED_KEY")
        answer: Answer = refusal(404, "NOT_FOUND")
        match asked.method, asked.steps:
            case "GET", ["v1", "payments", "orders", order_id]:
                payment = self.of_order(order_id)
                answer = refusal(404, "NOT_FOUND_PAYMENT") if payment is None else (200, payment)
            case "GET", ["v1", "transactions"]:
                answer = self._list(asked.query)
            case "POST", ["v1", "payments", "confirm"]:
                answer = self._once(asked, self._confirm)
            case "POST", ["v1", "payments", _, "cancel"]:
                answer = self._once(asked, self._cancel)
        return answer

    def of_order(self, order_id: str) -> Json | None:
        """The latest try to pay for an order."""
        return next((payment for payment in reversed(self.payments.values()) if payment["orderId"] == order_id), None)

    def _once(self, asked: Asked, do: Any) -> Answer:
        key = asked.headers.get("idempotency-key", "")
        if not 1 <= len(key) <= 300:
            return refusal(400, "INVALID_IDEMPOTENCY_KEY")
        known = asked.path, key
        if known not in self._answered:
            # A copy: what was answered once stays as it was.
            self._answered[known] = json.loads(json.dumps(self.refuses or do(asked)))
        status, body = self._answered[known]
        return status, body

    def _confirm(self, asked: Asked) -> Answer:
        body = asked.body
        if set(body) != {"paymentKey", "orderId", "amount"}:
            return refusal(400, "INVALID_REQUEST")
        payment = self.payments.get(body["paymentKey"])
        if payment is None:
            return refusal(404, "NOT_FOUND_PAYMENT")
        if payment["status"] != "IN_PROGRESS":
            return refusal(400, "ALREADY_PROCESSED_PAYMENT")
        if self.clock.now() - datetime.fromisoformat(payment["requestedAt"]) > CONFIRM_WITHIN:
            return refusal(404, "NOT_FOUND_PAYMENT_SESSION")
        if (payment["orderId"], payment["totalAmount"]) != (body["orderId"], body["amount"]):
            return refusal(400, "INVALID_REQUEST")
        if payment["method"] == "가상계좌":
            self.change(payment, "WAITING_FOR_DEPOSIT")
        else:
            self.change(payment, "DONE", approvedAt=self.at())
        return 200, payment

    def _cancel(self, asked: Asked) -> Answer:
        body = asked.body
        if set(body) != {"cancelReason", "cancelAmount"} or not 1 <= len(body["cancelReason"]) <= 200:
            return refusal(400, "INVALID_REQUEST")
        payment = self.payments.get(asked.steps[2])
        if payment is None:
            return refusal(404, "NOT_FOUND_PAYMENT")
        if payment["status"] == "CANCELED":
            return refusal(400, "ALREADY_CANCELED_PAYMENT")
        if body["cancelAmount"] > payment["balanceAmount"]:
            return refusal(403, "NOT_CANCELABLE_AMOUNT")
        self.cancel(payment, body["cancelAmount"], body["cancelReason"])
        return 200, payment

    def _list(self, query: Mapping[str, str]) -> Answer:
        if not set(query) <= {"startDate", "endDate", "limit", "startingAfter"}:
            return refusal(400, "INVALID_REQUEST")
        start, end = (datetime.fromisoformat(query[name]).replace(tzinfo=KST) for name in ("startDate", "endDate"))
        listed = [
            transaction
            for transaction in self.transactions
            if start <= datetime.fromisoformat(transaction["transactionAt"]) <= end
        ]
        if after := query.get("startingAfter"):
            keys = [transaction["transactionKey"] for transaction in listed]
            if after not in keys:
                return refusal(400, "INVALID_TRANSACTION_KEY")
            listed = listed[keys.index(after) + 1 :]
        return 200, listed[: int(query["limit"])]

    def at(self) -> str:
        return self.clock.now().astimezone(KST).isoformat(timespec="seconds")

    def try_to_pay(self, order_id: str, money: Money, method: str = "카드") -> Json:
        """What the browser SDK brings about: a payment that waits to be confirmed."""
        key = self._id("toss20260101kosu")
        units = float(money.units) if money.units % 1 else int(money.units)
        self.payments[key] = {
            "mId": "tosspayments",
            "version": "2022-11-16",
            "lastTransactionKey": None,
            "paymentKey": key,
            "orderId": order_id,
            "orderName": "Course",
            "currency": money.currency,
            "method": method,
            "status": "IN_PROGRESS",
            "type": "NORMAL",
            "requestedAt": self.at(),
            "approvedAt": None,
            "totalAmount": units,
            "balanceAmount": units,
            "secret": "ps_1",
            "cancels": None,
            "failure": None,
        }
        return self.payments[key]

    def change(self, payment: Json, status: str, **more: object) -> None:
        payment.update(status=status, lastTransactionKey=self._id("txrd"), **more)
        self.transactions.append(
            {
                "mId": "tosspayments",
                "transactionKey": payment["lastTransactionKey"],
                "paymentKey": payment["paymentKey"],
                "orderId": payment["orderId"],
                "currency": payment["currency"],
                "method": payment["method"],
                "amount": payment["totalAmount"],
                "status": status,
                "transactionAt": self.at(),
            }
        )
        self.tell(payment)

    def cancel(self, payment: Json, amount: float, reason: str, status: str = "DONE") -> None:
        """Asked for over the API, or in Toss's console."""
        payment["balanceAmount"] -= amount
        cancel = {
            "transactionKey": f"txrd{self._count + 1}",
            "cancelReason": reason,
            "canceledAt": self.at(),
            "cancelAmount": amount,
            "cancelStatus": status,
            "refundableAmount": payment["balanceAmount"],
        }
        payment["cancels"] = [*(payment["cancels"] or []), cancel]
        self.change(payment, "PARTIAL_CANCELED" if payment["balanceAmount"] else "CANCELED")

    def tell(self, payment: Json) -> None:
        now = self.clock.now().astimezone(KST).replace(tzinfo=None)
        self.send(
            {"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": now.isoformat("T", "microseconds"), "data": payment}
        )

    def send(self, event: object) -> None:
        self.webhooks.append((json.dumps(event, ensure_ascii=False).encode(), {"content-type": "application/json"}))

    def _id(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"
