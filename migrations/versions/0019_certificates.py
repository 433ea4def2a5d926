"""Certificates, notifications that can be turned off, and indexes for a course's analytics."""

from __future__ import annotations

from alembic import op

revision = "0019_certificates"
down_revision = "0018_community"
branch_labels = None
depends_on = None

SAFE_BECAUSE = {
    "index-blocks-writes": "written before the first release: no table had rows in production yet",
}


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE identity.muted_notifications (
            user_id uuid CONSTRAINT fk_muted_notifications_user_id_users
                REFERENCES identity.users (id) ON DELETE CASCADE,
            kind text,
            CONSTRAINT pk_muted_notifications PRIMARY KEY (user_id, kind)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE identity.sent_notifications (
            user_id uuid CONSTRAINT fk_sent_notifications_user_id_users
                REFERENCES identity.users (id) ON DELETE CASCADE,
            key text,
            sent_at timestamptz NOT NULL,
            CONSTRAINT pk_sent_notifications PRIMARY KEY (user_id, key)
        )
        """
    )
    op.execute("CREATE INDEX ix_sent_notifications_sent_at ON identity.sent_notifications (sent_at)")
    op.execute(
        """
        CREATE TABLE learning.certificates (
            code text CONSTRAINT pk_certificates PRIMARY KEY,
            user_id uuid NOT NULL,
            course_id uuid NOT NULL,
            instructor_id uuid NOT NULL,
            learner_name text NOT NULL,
            instructor_name text NOT NULL,
            course_title text NOT NULL,
            language text NOT NULL,
            lesson_count bigint NOT NULL,
            duration_ms bigint NOT NULL,
            completed_at timestamptz NOT NULL,
            issued_at timestamptz NOT NULL,
            revoked_at timestamptz,
            revocation_reason text,
            CONSTRAINT uq_certificates_learner UNIQUE (user_id, course_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_certificates_instructor_id ON learning.certificates (instructor_id)")
    op.execute("CREATE INDEX ix_enrolments_course ON learning.enrolments (course_id, enrolled_at)")
    op.execute("CREATE INDEX ix_progress_lesson ON learning.progress (lesson_id)")


def downgrade() -> None:
    op.execute("DROP INDEX learning.ix_progress_lesson")
    op.execute("DROP INDEX learning.ix_enrolments_course")
    op.execute("DROP TABLE learning.certificates")
    op.execute("DROP TABLE identity.sent_notifications")
    op.execute("DROP TABLE identity.muted_notifications")
