"""What a person can choose on the sandbox gateway's checkout page."""

from enum import StrEnum

SANDBOX = "sandbox"


class SandboxAction(StrEnum):
    """Each is a mischief that real gateways have been seen to make, or a plain event.

    `duplicate` pays and tells it five times at once. `reorder` is declined and then pays, and tells the payment first.
    `delay` pays and tells it some seconds later. `refund_partially` gives half of the price back, `refund` all that is
    left. `win_dispute` and `lose_dispute` open the dispute where it is not open. `wrong_amount` pays a hundredth,
    `wrong_currency` the right number of another currency. `revert_deposit` takes a payment back that was told before.
    """

    PAY = "pay"
    FAIL = "fail"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    DELAY = "delay"
    REFUND_PARTIALLY = "refund_partially"
    REFUND = "refund"
    DISPUTE = "dispute"
    WIN_DISPUTE = "win_dispute"
    LOSE_DISPUTE = "lose_dispute"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_CURRENCY = "wrong_currency"
    REVERT_DEPOSIT = "revert_deposit"


SANDBOX_ACTIONS = frozenset(action.value for action in SandboxAction)
