"""Messages say which request they come from."""

from __future__ import annotations

from alembic import op

revision = "0022_cause"
down_revision = "0021_course_previews"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE messaging.outbox ADD COLUMN cause jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE messaging.outbox DROP COLUMN cause")
