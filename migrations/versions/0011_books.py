"""Receipts without gaps, and indexes for reading the books."""

from __future__ import annotations

from alembic import op

revision = "0011_books"
down_revision = "0010_coupons"
branch_labels = None
depends_on = None

SAFE_BECAUSE = {
    "index-blocks-writes": "written before the first release: no table had rows in production yet",
    "index-drop-blocks": "written before the first release: nobody read the books in production yet",
    "rewrites-table": "written before the first release: no table had rows in production yet",
}


def upgrade() -> None:
    _receipts()
    _ledger()
    op.execute("CREATE INDEX ix_orders_state ON billing.orders (state, id)")
    op.execute("CREATE INDEX ix_orders_number ON billing.orders (number text_pattern_ops)")
    op.execute("CREATE INDEX ix_payments_ref ON billing.payments (gateway_ref)")
    op.execute(
        """
        CREATE INDEX ix_webhook_inbox_kept ON billing.webhook_inbox (verified_at)
        WHERE state IN ('processed', 'ignored', 'dead') AND payload IS NOT NULL
        """
    )


def _receipts() -> None:
    op.execute(
        """
        CREATE TABLE billing.receipt_counters (
            year bigint CONSTRAINT pk_receipt_counters PRIMARY KEY,
            last bigint NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE billing.receipts (
            order_id uuid CONSTRAINT pk_receipts PRIMARY KEY
                CONSTRAINT fk_receipts_order_id_orders REFERENCES billing.orders (id),
            year bigint NOT NULL,
            ordinal bigint NOT NULL,
            issued_at timestamptz NOT NULL,
            CONSTRAINT uq_receipts_year UNIQUE (year, ordinal)
        )
        """
    )
    op.execute(
        """
        CREATE FUNCTION billing.refuse_receipt_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'receipts are append-only' USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER receipts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing.receipts
        FOR EACH STATEMENT EXECUTE FUNCTION billing.refuse_receipt_change()
        """
    )


def _ledger() -> None:
    op.execute(
        """
        ALTER TABLE billing.ledger_tx
            ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT uq_ledger_tx_seq UNIQUE
        """
    )
    op.execute("DROP INDEX billing.ix_ledger_tx_order")
    op.execute("CREATE INDEX ix_ledger_tx_order ON billing.ledger_tx (order_id, seq)")
    # Covering: balances and earnings are read from the index alone.
    op.execute("DROP INDEX billing.ix_ledger_entries_account")
    op.execute(
        """
        CREATE INDEX ix_ledger_entries_account ON billing.ledger_entries (account, currency)
        INCLUDE (amount_minor, source)
        """
    )


def downgrade() -> None:
    op.execute("DROP INDEX billing.ix_webhook_inbox_kept")
    op.execute("DROP INDEX billing.ix_payments_ref")
    op.execute("DROP INDEX billing.ix_orders_number")
    op.execute("DROP INDEX billing.ix_orders_state")
    op.execute("DROP INDEX billing.ix_ledger_entries_account")
    op.execute("CREATE INDEX ix_ledger_entries_account ON billing.ledger_entries (account, currency)")
    op.execute("DROP INDEX billing.ix_ledger_tx_order")
    op.execute("CREATE INDEX ix_ledger_tx_order ON billing.ledger_tx (order_id)")
    op.execute("ALTER TABLE billing.ledger_tx DROP COLUMN seq")
    op.execute("DROP TABLE billing.receipts")
    op.execute("DROP FUNCTION billing.refuse_receipt_change()")
    op.execute("DROP TABLE billing.receipt_counters")
