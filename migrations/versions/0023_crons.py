"""Which time of each cron was rung for last."""

from __future__ import annotations

from alembic import op

revision = "0023_crons"
down_revision = "0022_cause"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE messaging.crons (
            name text CONSTRAINT pk_crons PRIMARY KEY,
            slot timestamptz NOT NULL
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE messaging.crons")
