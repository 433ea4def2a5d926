"""The outbox."""

from __future__ import annotations

from alembic import op

revision = "0001_messaging"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA messaging")
    op.execute(
        """
        CREATE TABLE messaging.outbox (
            id uuid CONSTRAINT pk_outbox PRIMARY KEY,
            queue text NOT NULL,
            name text NOT NULL,
            payload jsonb NOT NULL,
            attempt bigint NOT NULL DEFAULT 0,
            created_at timestamptz NOT NULL,
            next_attempt_at timestamptz,
            leased_until timestamptz,
            delivered_at timestamptz,
            error text
        )
        """
    )
    op.execute("CREATE INDEX ix_outbox_due ON messaging.outbox (next_attempt_at) WHERE next_attempt_at IS NOT NULL")


def downgrade() -> None:
    op.execute("DROP SCHEMA messaging CASCADE")
