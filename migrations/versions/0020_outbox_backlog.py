"""What the outbox has not delivered is counted without reading what it has."""

from __future__ import annotations

from alembic import op

revision = "0020_outbox_backlog"
down_revision = "0019_certificates"
branch_labels = None
depends_on = None

SAFE_BECAUSE = {
    "index-blocks-writes": "written before the first release: no table had rows in production yet",
}


def upgrade() -> None:
    op.execute("CREATE INDEX ix_outbox_undelivered ON messaging.outbox (queue) WHERE delivered_at IS NULL")


def downgrade() -> None:
    op.execute("DROP INDEX messaging.ix_outbox_undelivered")
