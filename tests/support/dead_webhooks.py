"""A webhook that was given up: what twelve failed attempts leave of a payment's event."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from kosu.adapters.sandbox.events import messages_for, summary_of
from kosu.adapters.system import SystemIds
from kosu.ids import OrderId, PaymentId
from kosu.modules.billing.domain.inbox import MAX_ATTEMPTS
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.money import Money


def dead_webhook(connection: psycopg.Connection, payment_ref: str) -> UUID:
    """The event that the payment was made, as if all attempts to settle it had failed."""
    payment = _payment(connection, payment_ref)
    (message,) = messages_for(SandboxAction.PAY, payment, left=payment.amount, at=datetime.now(UTC))
    event_type, _ = summary_of(message.body)
    webhook_id = SystemIds().new()
    connection.execute(
        """INSERT INTO billing.webhook_inbox (id, gateway, dedup_key, event_type, payment_ref, payload, payload_sha256,
                                              key_id, verified_at, state, attempts, error_code, finished_at)
           VALUES (%s, 'sandbox', %s, %s, %s, %s, %s, '0', now(), 'dead', %s, 'database_unavailable', now())""",
        (
            webhook_id,
            message.id,
            event_type,
            payment_ref,
            message.body,
            hashlib.sha256(message.body).digest(),
            MAX_ATTEMPTS,
        ),
    )
    return webhook_id


def _payment(connection: psycopg.Connection, ref: str) -> Payment:
    (row,) = connection.execute(
        """SELECT id, order_id, gateway, gateway_ref, checkout_url, amount_minor, currency, created_at
           FROM billing.payments WHERE gateway_ref = %s""",
        (ref,),
    ).fetchall()
    payment_id, order_id, gateway, gateway_ref, checkout_url, amount_minor, currency, created_at = row
    return Payment(
        id=PaymentId(payment_id),
        order_id=OrderId(order_id),
        gateway=gateway,
        gateway_ref=gateway_ref,
        checkout_url=checkout_url,
        amount=Money(amount_minor, currency),
        created_at=created_at,
    )
