"""A buyer's browser comes back from a gateway's checkout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from kosu.ids import OrderId
from kosu.modules.billing.errors import PaymentNotFound
from kosu.modules.billing.jobs import ConfirmPayment
from kosu.modules.billing.ports import BillingRecords
from kosu.ports.clock import Clock
from kosu.ports.throttle import Bucket, Rate, Throttle, take_or_refuse
from kosu.ports.unit_of_work import Transaction

# A person reloads the page now and then; each return makes a worker ask the gateway.
RETURNS = Rate(burst=10, every=timedelta(seconds=10))
# What a gateway puts into its query parameters; anything longer is not one's.
MOST_ANSWERS = 20
LONGEST_ANSWER = 300


@dataclass(frozen=True, slots=True)
class ReturnFromCheckout:
    transaction: Transaction[BillingRecords]
    throttle: Throttle
    clock: Clock

    async def __call__(self, *, gateway: str, payment_ref: str, answers: Mapping[str, str]) -> OrderId:
        """Have a worker confirm the payment and ask how it stands; answers which order it is for.

        Nothing that the browser brings is believed: it is only handed on to the gateway. Committed before it is
        answered, so that a payment is confirmed even if the browser closes and this process ends.

        Raises:
            PaymentNotFound, TooManyRequests
        """
        opaque = sha256(f"{gateway}:{payment_ref}".encode()).hexdigest()[:32]
        bucket = Bucket(f"checkout-return:{opaque}", RETURNS)
        told = "This page was opened too often; wait a moment."
        await take_or_refuse(self.throttle, [bucket], at=self.clock.now(), told=told)
        async with self.transaction() as records:
            payment = await records.payments.with_ref(gateway, payment_ref)
            if payment is None:
                msg = "There is no such payment."
                raise PaymentNotFound(msg)
            await records.outbox.add(ConfirmPayment(gateway, payment_ref, _bounded(answers)))
        return payment.order_id


def _bounded(answers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: answer
        for name, answer in list(answers.items())[:MOST_ANSWERS]
        if len(name) <= LONGEST_ANSWER and len(answer) <= LONGEST_ANSWER and (name + answer).isprintable()
    }
