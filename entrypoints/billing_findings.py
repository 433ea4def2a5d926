"""What `kosu doctor` says about billing's books, in plain words."""

from __future__ import annotations

from entrypoints.finding import Finding
from kosu.modules.billing.book_views import BillingHealth, Suspects


def billing_findings(health: BillingHealth) -> list[Finding]:
    """One finding for each check, with the first few ids of what it found."""
    return [
        _finding(
            health.unbalanced,
            fine="every ledger transaction sums to zero",
            wrong="ledger transactions do not sum to zero: the books were written to by hand",
        ),
        _finding(
            health.paid_without_access,
            fine="everything that is paid for is open to its buyer",
            wrong="order items are paid for and not open to their buyers: their grants were taken away by hand",
        ),
        _finding(
            health.access_without_payment,
            fine="everything that is open to a buyer is paid for",
            wrong="order items are open to their buyers and not paid for: their grants were given by hand",
        ),
        _finding(
            health.stale_orders,
            fine="no order waits too long for its payment",
            wrong="orders wait for a payment whose time is over: the scheduler or the workers are not running",
        ),
        _finding(
            health.unsent_refunds,
            fine="every refund was sent to its gateway",
            wrong="refunds were decided upon and not sent: look for dead letters of billing.send_refund",
        ),
        _finding(
            health.overdue_webhooks,
            fine="no webhook waits to be settled",
            wrong="webhooks are overdue: the scheduler or the workers are not running",
        ),
        _finding(
            health.dead_webhooks,
            fine="no webhook is given up",
            wrong="webhooks were given up: see GET /api/v1/ops/webhooks?state=dead, and replay or ignore them",
        ),
    ]


def _finding(suspects: Suspects, *, fine: str, wrong: str) -> Finding:
    if not suspects.count:
        return Finding(True, fine)
    more = f" and {suspects.count - len(suspects.first)} more" if suspects.count > len(suspects.first) else ""
    return Finding(False, f"{suspects.count} {wrong} ({', '.join(suspects.first)}{more})")
