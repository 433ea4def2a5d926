"""A course says whether one of its lessons can be looked into, so that lists of courses need not read the lessons."""

from __future__ import annotations

from alembic import op

revision = "0021_course_previews"
down_revision = "0020_outbox_backlog"
branch_labels = None
depends_on = None

SAFE_BECAUSE = {
    "whole-table": "courses that have a preview, some thousands: for a second their authors wait, and readers do not",
}


def upgrade() -> None:
    op.execute("ALTER TABLE catalog.courses ADD COLUMN has_preview boolean NOT NULL DEFAULT false")
    op.execute(
        """
        UPDATE catalog.courses c SET has_preview = true
        WHERE EXISTS (SELECT FROM catalog.lessons l JOIN catalog.sections s ON s.id = l.section_id
                      WHERE s.course_id = c.id AND l.preview AND (l.kind = 'text' OR l.duration_ms IS NOT NULL))
        """
    )


def downgrade() -> None:
    op.execute("ALTER TABLE catalog.courses DROP COLUMN has_preview")
