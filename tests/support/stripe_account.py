"""An account at Stripe, as its API and its buyers see it: objects of the vendor's published shapes, and their events.

Source: https://docs.stripe.com/api
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import stripe

from kosu.adapters.memory.clock import MemoryClock
from tests.support.gateways import Webhook

WEBHOOK_SECRET = "whsec_of_the_stand_in"
API_VERSION = "2025-03-31.basil"

Json = dict[str, Any]


class StripeAccount:
    """`clock` is the vendor's own. All objects by id in the order of their creation, each as the API shows it."""

    def __init__(self, clock: MemoryClock | None = None) -> None:
        self.clock = clock or MemoryClock()
        self.sessions: dict[str, Json] = {}
        self.intents: dict[str, Json] = {}
        self.charges: dict[str, Json] = {}
        self.refunds: dict[str, Json] = {}
        self.disputes: dict[str, Json] = {}
        self.events: dict[str, Json] = {}
        self._told = 0
        self._count = 0

    def seconds(self) -> int:
        return int(self.clock.now().timestamp())

    def open_session(self, parameters: Json) -> Json:
        line = parameters["line_items"][0]
        amount = int(line["price_data"]["unit_amount"]) * int(line["quantity"])
        session_id = self._id("cs_test_a1")
        self.sessions[session_id] = {
            "id": session_id,
            "object": "checkout.session",
            "amount_subtotal": amount,
            "amount_total": amount,
            "client_reference_id": parameters.get("client_reference_id"),
            "created": self.seconds(),
            "currency": line["price_data"]["currency"],
            "customer_details": None,
            "expires_at": int(parameters.get("expires_at", self.seconds() + 86_400)),
            "livemode": False,
            "metadata": parameters.get("metadata", {}),
            "mode": "payment",
            "payment_intent": None,
            "payment_status": "unpaid",
            "status": "open",
            "success_url": parameters["success_url"],
            "url": f"https://checkout.stripe.com/c/pay/{session_id}",
        }
        return self.sessions[session_id]

    def pay(self, session_id: str) -> None:
        """With a card, at once."""
        session = self._complete(session_id)
        intent = self._intent_of(session, "succeeded")
        session["payment_status"] = "paid"
        self._charge(intent, paid=True)
        self.tell("payment_intent.succeeded", intent)
        self.tell("checkout.session.completed", session)

    def decline(self, session_id: str) -> None:
        """A card is declined, and the page stays open."""
        session = self.sessions[session_id]
        intent = self._intent_of(session, "requires_payment_method")
        self._charge(intent, paid=False)
        self.tell("payment_intent.payment_failed", intent)

    def pay_later(self, session_id: str) -> None:
        """By a way that takes days: the checkout is over, the money is not here."""
        session = self._complete(session_id)
        self._intent_of(session, "processing")
        self.tell("checkout.session.completed", session)

    def arrive(self, session_id: str, *, succeeded: bool) -> None:
        """What became of such a payment."""
        session = self.sessions[session_id]
        intent = self._intent_of(session, "succeeded" if succeeded else "requires_payment_method")
        self._charge(intent, paid=succeeded)
        session["payment_status"] = "paid" if succeeded else "unpaid"
        self.tell("payment_intent.succeeded" if succeeded else "payment_intent.payment_failed", intent)
        self.tell(f"checkout.session.async_payment_{'succeeded' if succeeded else 'failed'}", session)

    def expire(self, session_id: str) -> None:
        self.sessions[session_id]["status"] = "expired"
        self.sessions[session_id]["url"] = None
        self.tell("checkout.session.expired", self.sessions[session_id])

    def left(self, intent_id: str) -> int:
        """What can still be refunded of a payment intent."""
        gone: int = sum(
            refund["amount"]
            for refund in self.refunds.values()
            if refund["payment_intent"] == intent_id and refund["status"] not in {"failed", "canceled"}
        )
        return int(self.intents[intent_id]["amount"]) - gone

    def refund(self, intent_id: str, amount: int, *, metadata: Json | None = None, status: str = "succeeded") -> Json:
        intent, refund_id = self.intents[intent_id], self._id("re_3")
        charge = self.charges[intent["latest_charge"]]
        refund: Json = {
            "id": refund_id,
            "object": "refund",
            "amount": amount,
            "charge": charge["id"],
            "created": self.seconds(),
            "currency": intent["currency"],
            "destination_details": {"card": {"reference_status": "pending", "type": "refund"}, "type": "card"},
            "metadata": metadata or {},
            "payment_intent": intent_id,
            "reason": None,
            "status": status,
        }
        self.refunds[refund_id] = refund
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] >= charge["amount"]
        self.tell("refund.created", refund)
        self.tell("charge.refunded", charge)
        return refund

    def move_refund(self, refund_id: str, status: str) -> None:
        """Let a refund become what it becomes, days later."""
        self.refunds[refund_id]["status"] = status
        self.tell("refund.failed" if status == "failed" else "refund.updated", self.refunds[refund_id])
        self.tell("charge.refund.updated", self.refunds[refund_id])

    def dispute(self, intent_id: str, *, status: str = "needs_response") -> Json:
        intent, dispute_id = self.intents[intent_id], self._id("du_1")
        self.disputes[dispute_id] = {
            "id": dispute_id,
            "object": "dispute",
            "amount": intent["amount"],
            "charge": intent["latest_charge"],
            "created": self.seconds(),
            "currency": intent["currency"],
            "evidence": {"customer_email_address": "somebody@example.com"},
            "is_charge_refundable": False,
            "livemode": False,
            "metadata": {},
            "payment_intent": intent_id,
            "reason": "fraudulent",
            "status": status,
        }
        self.tell("charge.dispute.created", self.disputes[dispute_id])
        return self.disputes[dispute_id]

    def close_dispute(self, dispute_id: str, status: str) -> None:
        self.disputes[dispute_id]["status"] = status
        self.tell("charge.dispute.closed", self.disputes[dispute_id])

    def tell(self, kind: str, subject: Json) -> Json:
        """An event with the object as it is now."""
        event_id = self._id("evt_1")
        self.events[event_id] = {
            "id": event_id,
            "object": "event",
            "api_version": API_VERSION,
            "created": self.seconds(),
            "data": {"object": deepcopy(subject)},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
        }
        return self.events[event_id]

    def webhooks(self) -> Iterator[Webhook]:
        """What was not sent before."""
        events = list(self.events.values())[self._told :]
        self._told = len(self.events)
        for event in events:
            yield self.webhook(event)

    def webhook(self, event: Json) -> Webhook:
        """Signed by the official library."""
        body = json.dumps(event, indent=2, ensure_ascii=False)
        signed = stripe.WebhookSignature.generate_signature_header(body, WEBHOOK_SECRET, self.seconds())
        return body.encode(), {"stripe-signature": signed, "content-type": "application/json; charset=utf-8"}

    def _complete(self, session_id: str) -> Json:
        session = self.sessions[session_id]
        assert session["status"] == "open"
        session["status"] = "complete"
        session["url"] = None
        session["customer_details"] = {"email": "somebody@example.com", "name": "Some Body"}
        return session

    def _intent_of(self, session: Json, status: str) -> Json:
        if session["payment_intent"] is None:
            intent_id = self._id("pi_3")
            self.intents[intent_id] = {
                "id": intent_id,
                "object": "payment_intent",
                "amount": session["amount_total"],
                "amount_received": 0,
                "created": self.seconds(),
                "currency": session["currency"],
                "latest_charge": None,
                "livemode": False,
                "metadata": session["metadata"],
            }
            session["payment_intent"] = intent_id
        intent = self.intents[session["payment_intent"]]
        intent["status"] = status
        intent["amount_received"] = intent["amount"] if status == "succeeded" else 0
        return intent

    def _charge(self, intent: Json, *, paid: bool) -> None:
        charge_id = self._id("ch_3")
        intent["latest_charge"] = charge_id
        self.charges[charge_id] = {
            "id": charge_id,
            "object": "charge",
            "amount": intent["amount"],
            "amount_refunded": 0,
            "billing_details": {"email": "somebody@example.com"},
            "created": self.seconds(),
            "currency": intent["currency"],
            "paid": paid,
            "payment_intent": intent["id"],
            "payment_method_details": {"card": {"brand": "visa", "last4": "4242"}, "type": "card"},
            "refunded": False,
            "status": "succeeded" if paid else "failed",
        }

    def _id(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}PgafyB7WZ01zgkW{self._count:06d}"
