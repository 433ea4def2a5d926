"""What a person can choose on the sandbox gateway's checkout page."""

from enum import StrEnum

SANDBOX = "sandbox"


class SandboxAction(StrEnum):
    """`duplicate` pays and tells it five times; `wrong_amount` pays a hundredth."""

    PAY = "pay"
    FAIL = "fail"
    DUPLICATE = "duplicate"
    REFUND = "refund"
    WRONG_AMOUNT = "wrong_amount"


SANDBOX_ACTIONS = frozenset(action.value for action in SandboxAction)
