"""When each device was last heard, so that nothing is watched faster than time passes."""

from __future__ import annotations

from alembic import op

revision = "0017_progress"
down_revision = "0016_collections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default that costs no rewrite of the table: processes of the version before leave it out.
    op.execute("ALTER TABLE learning.progress ADD COLUMN heard jsonb NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE learning.progress DROP COLUMN heard")
