"""Refunds that Kosu asks for."""

from __future__ import annotations

from alembic import op

revision = "0008_refunds"
down_revision = "0007_identity_depth"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE billing.refunds (
            id uuid CONSTRAINT pk_refunds PRIMARY KEY,
            order_id uuid NOT NULL CONSTRAINT fk_refunds_order_id_orders REFERENCES billing.orders (id),
            capture_id text NOT NULL,
            amount_minor bigint NOT NULL CONSTRAINT ck_refunds_amount_minor CHECK (amount_minor > 0),
            currency char(3) NOT NULL,
            item_ids uuid[] NOT NULL,
            reason text NOT NULL,
            requested_by uuid,
            requested_at timestamptz NOT NULL,
            state text NOT NULL,
            object_id text,
            error_code text,
            request_key text,
            request_digest bytea
        )
        """
    )
    op.execute("CREATE INDEX ix_refunds_order ON billing.refunds (order_id)")
    op.execute("CREATE INDEX ix_refunds_request ON billing.refunds (requested_by, request_key)")


def downgrade() -> None:
    op.execute("DROP TABLE billing.refunds")
