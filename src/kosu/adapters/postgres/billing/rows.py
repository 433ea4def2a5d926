"""billing's rows. Money is `…_minor` and `currency`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kosu.adapters.postgres.rows import Row
from kosu.modules.billing.domain.coupons import RedemptionState
from kosu.modules.billing.domain.inbox import WebhookState
from kosu.modules.billing.domain.orders import OrderState
from kosu.modules.billing.domain.payments import FactKind
from kosu.modules.billing.domain.refunds import RefundState


class OrderRow(Row):
    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("total_minor >= 0", name="total_minor"),
        Index("ix_orders_user", "user_id", "id"),
        Index("ix_orders_pending", "expires_at", postgresql_where=text("state = 'pending'")),
        Index("ix_orders_state", "state", "id"),
        Index("ix_orders_number", "number", postgresql_ops={"number": "text_pattern_ops"}),
        {"schema": "billing"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID]
    gateway: Mapped[str | None]
    state: Mapped[OrderState] = mapped_column(Text)
    total_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    placed_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    coupon_id: Mapped[UUID | None]
    coupon_code: Mapped[str | None]
    fee_minor: Mapped[int] = mapped_column(server_default="0")


class OrderItemRow(Row):
    """A copy of what the course was when it was ordered."""

    __tablename__ = "order_items"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_minor"),
        Index("ix_order_items_order", "order_id", "position"),
        {"schema": "billing"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("billing.orders.id"))
    position: Mapped[int]
    course_id: Mapped[UUID]
    instructor_id: Mapped[UUID]
    slug: Mapped[str]
    title: Mapped[str]
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    tax_minor: Mapped[int]
    instructor_minor: Mapped[int]
    discount_minor: Mapped[int] = mapped_column(server_default="0")


class OpenPurchaseRow(Row):
    """The two-tab guard: at most one open order for a buyer and a course."""

    __tablename__ = "open_purchases"
    __table_args__ = (Index("ix_open_purchases_order", "order_id"), {"schema": "billing"})

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("billing.orders.id"))


class OrderRequestRow(Row):
    """`digest` is a hash of the body that came with the Idempotency-Key.

    The order follows in the same transaction, once the key is known to be free: its foreign key is deferred.
    """

    __tablename__ = "order_requests"
    __table_args__ = ({"schema": "billing"},)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    order_id: Mapped[UUID] = mapped_column(ForeignKey("billing.orders.id", deferrable=True, initially="DEFERRED"))
    requested_at: Mapped[datetime]


class PaymentRow(Row):
    """`asked_at` is as of when the gateway's own answer is known, `next_ask_at` when to ask again."""

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("gateway", "gateway_ref", name="uq_payments_gateway"),
        Index("ix_payments_order", "order_id"),
        Index("ix_payments_unasked", "next_ask_at", postgresql_where=text("next_ask_at IS NOT NULL")),
        Index("ix_payments_ref", "gateway_ref"),
        {"schema": "billing"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("billing.orders.id"))
    gateway: Mapped[str]
    gateway_ref: Mapped[str]
    checkout_url: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    next_ask_at: Mapped[datetime | None]


class PaymentFactRow(Row):
    __tablename__ = "payment_facts"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0", name="amount_minor"),
        Index("ix_payment_facts_capture", "object_id", postgresql_where=text("kind = 'captured'")),
        {"schema": "billing"},
    )

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("billing.payments.id"), primary_key=True)
    kind: Mapped[FactKind] = mapped_column(Text, primary_key=True)
    object_id: Mapped[str] = mapped_column(primary_key=True)
    capture_id: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    occurred_at: Mapped[datetime]
    item_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))


class RefundRow(Row):
    """A refund that Kosu asked for; the facts tell what became of it."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_minor"),
        Index("ix_refunds_order", "order_id"),
        Index("ix_refunds_request", "requested_by", "request_key"),
        {"schema": "billing"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("billing.orders.id"))
    capture_id: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    item_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    reason: Mapped[str]
    requested_by: Mapped[UUID | None]
    requested_at: Mapped[datetime]
    state: Mapped[RefundState] = mapped_column(Text)
    object_id: Mapped[str | None]
    error_code: Mapped[str | None]
    request_key: Mapped[str | None]
    request_digest: Mapped[bytes | None]


class CouponRow(Row):
    """Either `percent_off`, or `amount_off_minor` of `currency`. `redeemed` counts the redemptions not released."""

    __tablename__ = "coupons"
    __table_args__ = (
        CheckConstraint("(percent_off IS NULL) <> (amount_off_minor IS NULL)", name="reduction"),
        CheckConstraint("redeemed >= 0", name="redeemed"),
        {"schema": "billing"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    percent_off: Mapped[int | None]
    amount_off_minor: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(CHAR(3))
    course_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    max_redemptions: Mapped[int | None]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    redeemed: Mapped[int]


class CouponRedemptionRow(Row):
    __tablename__ = "coupon_redemptions"
    __table_args__ = (Index("ix_coupon_redemptions_buyer", "coupon_id", "user_id"), {"schema": "billing"})

    order_id: Mapped[UUID] = mapped_column(ForeignKey("billing.orders.id"), primary_key=True)
    coupon_id: Mapped[UUID] = mapped_column(ForeignKey("billing.coupons.id"))
    user_id: Mapped[UUID]
    state: Mapped[RedemptionState] = mapped_column(Text)


class LedgerTxRow(Row):
    """Append-only by a trigger. `seq` is the place in the ledger, in about the order of posting and with gaps."""

    __tablename__ = "ledger_tx"
    __table_args__ = (
        UniqueConstraint("seq", name="uq_ledger_tx_seq"),
        Index("ix_ledger_tx_order", "order_id", "seq"),
        {"schema": "billing"},
    )

    source: Mapped[str] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("billing.orders.id"))
    occurred_at: Mapped[datetime]
    posted_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seq: Mapped[int] = mapped_column(Identity(always=True))


class LedgerEntryRow(Row):
    """Debits are positive. Append-only by a trigger; a deferred one lets no unbalanced transaction commit."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount_minor"),
        Index("ix_ledger_entries_account", "account", "currency", postgresql_include=["amount_minor", "source"]),
        {"schema": "billing"},
    )

    source: Mapped[str] = mapped_column(ForeignKey("billing.ledger_tx.source"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))


class WebhookInboxRow(Row):
    """`next_attempt_at` is null once the webhook is processed, ignored or dead; `attempts` fences late workers out."""

    __tablename__ = "webhook_inbox"
    __table_args__ = (
        UniqueConstraint("gateway", "dedup_key", name="uq_webhook_inbox_gateway"),
        Index("ix_webhook_inbox_due", "next_attempt_at", postgresql_where=text("next_attempt_at IS NOT NULL")),
        Index("ix_webhook_inbox_state", "state", "id"),
        Index(
            "ix_webhook_inbox_kept",
            "verified_at",
            postgresql_where=text("state IN ('processed', 'ignored', 'dead') AND payload IS NOT NULL"),
        ),
        {"schema": "billing"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    gateway: Mapped[str]
    dedup_key: Mapped[str]
    event_type: Mapped[str]
    payment_ref: Mapped[str | None]
    payload: Mapped[bytes | None]
    payload_sha256: Mapped[bytes]
    key_id: Mapped[str]
    verified_at: Mapped[datetime]
    state: Mapped[WebhookState] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_attempt_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    error_code: Mapped[str | None]
    finished_at: Mapped[datetime | None]


class ReceiptCounterRow(Row):
    """The last number of a year: its lock makes those who issue wait for one another."""

    __tablename__ = "receipt_counters"
    __table_args__ = ({"schema": "billing"},)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class ReceiptRow(Row):
    """Append-only by a trigger."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("year", "ordinal", name="uq_receipts_year"), {"schema": "billing"})

    order_id: Mapped[UUID] = mapped_column(ForeignKey("billing.orders.id"), primary_key=True)
    year: Mapped[int]
    ordinal: Mapped[int]
    issued_at: Mapped[datetime]
