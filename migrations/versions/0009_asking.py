"""When gateways are asked about payments, and payments found by their captures."""

from __future__ import annotations

from alembic import op

revision = "0009_asking"
down_revision = "0008_refunds"
branch_labels = None
depends_on = None

SAFE_BECAUSE = {
    "index-blocks-writes": "written before the first release: no table had rows in production yet",
}


def upgrade() -> None:
    op.execute("ALTER TABLE billing.payments ADD COLUMN asked_at timestamptz, ADD COLUMN next_ask_at timestamptz")
    op.execute("CREATE INDEX ix_payments_unasked ON billing.payments (next_ask_at) WHERE next_ask_at IS NOT NULL")
    op.execute("CREATE INDEX ix_payment_facts_capture ON billing.payment_facts (object_id) WHERE kind = 'captured'")


def downgrade() -> None:
    op.execute("DROP INDEX billing.ix_payment_facts_capture")
    op.execute("DROP INDEX billing.ix_payments_unasked")
    op.execute("ALTER TABLE billing.payments DROP COLUMN asked_at, DROP COLUMN next_ask_at")
