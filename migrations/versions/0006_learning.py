"""Enrolments, watch progress and notes."""

from __future__ import annotations

from alembic import op

revision = "0006_learning"
down_revision = "0005_billing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA learning")
    op.execute(
        """
        CREATE TABLE learning.enrolments (
            user_id uuid NOT NULL,
            course_id uuid NOT NULL,
            enrolled_at timestamptz NOT NULL,
            CONSTRAINT pk_enrolments PRIMARY KEY (user_id, course_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_enrolments_newest ON learning.enrolments (user_id, enrolled_at, course_id)")
    op.execute(
        """
        CREATE TABLE learning.grants (
            id uuid CONSTRAINT pk_grants PRIMARY KEY,
            user_id uuid NOT NULL,
            course_id uuid NOT NULL,
            source text NOT NULL,
            source_id uuid NOT NULL,
            granted_at timestamptz NOT NULL,
            expires_at timestamptz,
            revoked_at timestamptz,
            CONSTRAINT uq_grants_source UNIQUE (source, source_id),
            CONSTRAINT fk_grants_user_id_enrolments FOREIGN KEY (user_id, course_id)
                REFERENCES learning.enrolments (user_id, course_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_grants_enrolment ON learning.grants (user_id, course_id)")
    op.execute("CREATE INDEX ix_grants_live ON learning.grants (course_id, user_id) WHERE revoked_at IS NULL")
    op.execute(
        """
        CREATE TABLE learning.enrolment_counts (
            course_id uuid CONSTRAINT pk_enrolment_counts PRIMARY KEY,
            enrolment_count bigint NOT NULL,
            counted_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE learning.progress (
            user_id uuid NOT NULL,
            lesson_id uuid NOT NULL,
            course_id uuid NOT NULL,
            position_ms bigint NOT NULL,
            furthest_ms bigint NOT NULL,
            watched int4multirange NOT NULL,
            completed_at timestamptz,
            updated_at timestamptz,
            media_revision bigint NOT NULL,
            seqs jsonb NOT NULL,
            CONSTRAINT pk_progress PRIMARY KEY (user_id, lesson_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_progress_course ON learning.progress (course_id, user_id)")
    op.execute(
        """
        CREATE TABLE learning.notes (
            id uuid CONSTRAINT pk_notes PRIMARY KEY,
            user_id uuid NOT NULL,
            course_id uuid NOT NULL,
            lesson_id uuid NOT NULL,
            at_ms bigint NOT NULL,
            body text NOT NULL,
            media_revision bigint NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_notes_lesson ON learning.notes (user_id, lesson_id, at_ms, id)")
    op.execute("CREATE INDEX ix_notes_newest ON learning.notes (user_id, created_at, id)")


def downgrade() -> None:
    op.execute("DROP SCHEMA learning CASCADE")
