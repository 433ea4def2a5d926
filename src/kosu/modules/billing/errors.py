"""What can go wrong in billing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from kosu.errors import Conflict, Invalid, NotFound, TooLarge, Unauthenticated, Unavailable
from kosu.ids import CourseId, OrderId
from kosu.money import Money


class CourseNotFound(NotFound):
    code = "course_not_found"
    facts = ("course_id",)

    def __init__(self, course_id: CourseId) -> None:
        super().__init__("There is no such course.")
        self.course_id = course_id


class CourseNotForSale(Conflict):
    """The course exists and cannot be bought now, for instance because it was archived."""

    code = "course_not_for_sale"
    facts = ("course_id",)

    def __init__(self, course_id: CourseId) -> None:
        super().__init__("This course is not for sale at the moment.")
        self.course_id = course_id


class MixedCurrencies(Invalid):
    """One order has one currency, because one payment has."""

    code = "mixed_currencies"


class CouponInvalid(Invalid):
    """`reason` says why: one of `CouponRefusal`."""

    code = "coupon_invalid"
    facts = ("reason",)
    field = "coupon_code"

    def __init__(self, reason: str) -> None:
        super().__init__("This coupon cannot be used for this order.")
        self.reason = reason


class CouponNotFound(NotFound):
    code = "coupon_not_found"


class CouponCodeTaken(Conflict):
    """Codes are unique for ever, also those of archived coupons: orders name them."""

    code = "coupon_code_taken"


class UnusableCoupon(Invalid):
    """What was asked for makes no coupon that anybody could use."""

    code = "unusable_coupon"


class GatewayNotOffered(Invalid):
    """The order names a gateway that is not set up here; `offered` are those that are."""

    code = "gateway_not_offered"
    facts = ("offered",)

    def __init__(self, offered: Collection[str]) -> None:
        super().__init__("This way to pay is not offered.")
        self.offered = sorted(offered)


class InvalidIdempotencyKey(Invalid):
    code = "invalid_idempotency_key"


class IdempotencyKeyReused(Conflict):
    """The key was already used for a request with another body."""

    code = "idempotency_key_reused"


class AlreadyEnrolled(Conflict):
    code = "already_enrolled"
    facts = ("course_ids",)

    def __init__(self, course_ids: Collection[CourseId]) -> None:
        super().__init__("You have this course already.")
        self.course_ids = sorted(course_ids)


class OpenOrderExists(Conflict):
    """Another order for one of these courses waits for its payment: continue or cancel that one."""

    code = "open_order_exists"
    facts = ("order_id",)

    def __init__(self, order_id: OrderId) -> None:
        super().__init__("You have an open order for this course.")
        self.order_id = order_id


class OrderNotFound(NotFound):
    code = "order_not_found"


class ReceiptNotFound(NotFound):
    """The order costs nothing, or was not paid."""

    code = "receipt_not_found"


class OrderNotCancellable(Conflict):
    """Only an order that still waits for its payment can be cancelled."""

    code = "order_not_cancellable"
    facts = ("state",)

    def __init__(self, state: str) -> None:
        super().__init__(f"This order is {state.replace('_', ' ')} and cannot be cancelled.")
        self.state = state


class UnknownGateway(NotFound):
    """No such gateway, or its secret is not set here."""

    code = "unknown_gateway"


class BadSignature(Unauthenticated):
    """The webhook is forged, too old, too new or malformed. Deliberately the same for all of these."""

    code = "bad_signature"


class PayloadTooLarge(TooLarge):
    code = "payload_too_large"


class UnstorableWebhook(Invalid):
    """The database cannot hold what the envelope says, such as a NUL in a text."""

    code = "unstorable_webhook"


class GatewayUnavailable(Unavailable):
    """The gateway did not answer; asking again is safe."""

    code = "gateway_unavailable"


class PaymentRefused(Conflict):
    """The gateway says that it never will take this payment."""

    code = "payment_refused"


class PaymentNotFound(NotFound):
    code = "payment_not_found"


class MalformedEvent(Invalid):
    """A webhook that was signed and that makes no sense; it never will."""

    code = "malformed_event"


class UnknownPayment(NotFound):
    """A webhook about a payment that is not known, or not known yet: it can overtake the commit of its order."""

    code = "unknown_payment"


class FactContradicted(Conflict):
    """The gateway tells a fact again with another amount. Which one holds is for an operator to find out."""

    code = "fact_contradicted"

    def __init__(self, payment_id: UUID, object_id: str) -> None:
        super().__init__(f"Payment {payment_id}: {object_id} was told before with other content.")


class AttemptsExhausted(Invalid):
    """Every attempt to settle a webhook ended without any outcome, as if it killed its worker."""

    code = "attempts_exhausted"


class WebhookNotFound(NotFound):
    code = "webhook_not_found"


class WebhookBusy(Conflict):
    """A worker is at it right now; in a minute it is done or may be asked for again."""

    code = "webhook_busy"


class WebhookPurged(Conflict):
    """Its body is no longer kept, so that nothing can be learnt from it again."""

    code = "webhook_purged"


class WebhookSettled(Conflict):
    """It is settled: there is nothing to ignore."""

    code = "webhook_settled"


class NothingToRefund(Conflict):
    """No money of this order is here, or all of it is on its way back."""

    code = "nothing_to_refund"
    facts = ("state",)

    def __init__(self, state: str) -> None:
        super().__init__("There is nothing left to refund of this order.")
        self.state = state


class RefundTooLarge(Invalid):
    """`left` is the most that can be refunded of what was named."""

    code = "refund_too_large"
    facts = ("left",)
    field = "amount_minor"

    def __init__(self, left: Money) -> None:
        super().__init__("Refunds are at least one minor unit, and at most what is left.")
        self.left = left


class UnknownOrderItem(Invalid):
    """An item is not one of this order, or is refunded already."""

    code = "unknown_order_item"
    field = "items"

    def __init__(self, item_ids: Collection[UUID]) -> None:
        super().__init__("These are not all items of this order that are not refunded yet.")
        self.item_ids = sorted(item_ids)


class RefundRefused(Conflict):
    """The gateway says that it never will send this money back."""

    code = "refund_refused"


class UnknownSandboxAction(NotFound):
    """`actions` are those that there are."""

    code = "unknown_action"
    facts = ("actions",)

    def __init__(self, actions: Iterable[str]) -> None:
        super().__init__("The sandbox has no such action.")
        self.actions = sorted(actions)
