"""Reviews with votes, questions with answers, versions of notes."""

from __future__ import annotations

from alembic import op

revision = "0018_community"
down_revision = "0017_progress"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE catalog.courses ADD COLUMN rating_counted_at timestamptz")
    op.execute("ALTER TABLE learning.notes ADD COLUMN version bigint NOT NULL DEFAULT 1")
    op.execute(
        """
        CREATE TABLE learning.course_ratings (
            course_id uuid CONSTRAINT pk_course_ratings PRIMARY KEY,
            histogram bigint[] NOT NULL,
            counted_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE learning.reviews (
            id uuid CONSTRAINT pk_reviews PRIMARY KEY,
            course_id uuid NOT NULL,
            user_id uuid NOT NULL,
            rating bigint NOT NULL,
            body text NOT NULL,
            helpful_count bigint NOT NULL,
            hidden_at timestamptz,
            hidden_reason text,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            CONSTRAINT uq_reviews_learner UNIQUE (course_id, user_id),
            CONSTRAINT ck_reviews_rating CHECK (rating BETWEEN 1 AND 5)
        )
        """
    )
    for name, columns in (
        ("newest", "course_id, id"),
        ("helpful", "course_id, helpful_count, id"),
        ("rating", "course_id, rating"),
    ):
        op.execute(f"CREATE INDEX ix_reviews_{name} ON learning.reviews ({columns}) WHERE hidden_at IS NULL")
    op.execute("CREATE INDEX ix_reviews_user ON learning.reviews (user_id, id)")
    op.execute(
        """
        CREATE TABLE learning.review_votes (
            review_id uuid CONSTRAINT fk_review_votes_review_id_reviews
                REFERENCES learning.reviews (id) ON DELETE CASCADE,
            user_id uuid,
            CONSTRAINT pk_review_votes PRIMARY KEY (review_id, user_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_review_votes_user ON learning.review_votes (user_id, review_id)")
    op.execute(
        """
        CREATE TABLE learning.questions (
            id uuid CONSTRAINT pk_questions PRIMARY KEY,
            course_id uuid NOT NULL,
            lesson_id uuid NOT NULL,
            instructor_id uuid NOT NULL,
            asker_id uuid NOT NULL,
            title text NOT NULL,
            body text NOT NULL,
            at_ms bigint,
            answer_count bigint NOT NULL,
            is_answered boolean NOT NULL,
            accepted_answer_id uuid,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_questions_lesson ON learning.questions (lesson_id, id)")
    op.execute("CREATE INDEX ix_questions_asker ON learning.questions (asker_id, id)")
    op.execute("CREATE INDEX ix_questions_instructor ON learning.questions (instructor_id, id)")
    op.execute("CREATE INDEX ix_questions_unanswered ON learning.questions (instructor_id, id) WHERE NOT is_answered")
    op.execute(
        """
        CREATE TABLE learning.answers (
            id uuid CONSTRAINT pk_answers PRIMARY KEY,
            question_id uuid NOT NULL CONSTRAINT fk_answers_question_id_questions
                REFERENCES learning.questions (id) ON DELETE CASCADE,
            author_id uuid NOT NULL,
            body text NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_answers_question ON learning.answers (question_id, id)")
    op.execute("CREATE INDEX ix_answers_author ON learning.answers (author_id, id)")


def downgrade() -> None:
    for table in ("answers", "questions", "review_votes", "reviews", "course_ratings"):
        op.execute(f"DROP TABLE learning.{table}")
    op.execute("ALTER TABLE learning.notes DROP COLUMN version")
    op.execute("ALTER TABLE catalog.courses DROP COLUMN rating_counted_at")
