"""Categories, courses, sections and lessons."""

from __future__ import annotations

from alembic import op

revision = "0004_catalog"
down_revision = "0003_media"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA catalog")
    op.execute(
        """
        CREATE TABLE catalog.categories (
            slug text CONSTRAINT pk_categories PRIMARY KEY,
            name text NOT NULL,
            position bigint NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE catalog.courses (
            id uuid CONSTRAINT pk_courses PRIMARY KEY,
            slug text NOT NULL CONSTRAINT uq_courses_slug UNIQUE,
            instructor_id uuid NOT NULL,
            instructor_name text NOT NULL,
            state text NOT NULL
                CONSTRAINT ck_courses_state CHECK (state IN ('draft', 'in_review', 'published', 'archived')),
            title text NOT NULL,
            subtitle text NOT NULL,
            description text NOT NULL,
            outcomes text[] NOT NULL,
            category text NOT NULL
                CONSTRAINT fk_courses_category_categories REFERENCES catalog.categories (slug),
            level text NOT NULL,
            language text NOT NULL,
            currency text NOT NULL,
            price_minor bigint NOT NULL CONSTRAINT ck_courses_price_minor CHECK (price_minor >= 0),
            list_price_minor bigint,
            cover_url text,
            enrolment_count bigint NOT NULL,
            enrolment_counted_at timestamptz,
            rating_sum bigint NOT NULL,
            rating_count bigint NOT NULL,
            duration_ms bigint NOT NULL,
            lesson_count bigint NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            published_at timestamptz
        )
        """
    )
    op.execute("CREATE INDEX ix_courses_instructor ON catalog.courses (instructor_id, id)")
    op.execute("CREATE INDEX ix_courses_popular ON catalog.courses (enrolment_count, id) WHERE state = 'published'")
    op.execute("CREATE INDEX ix_courses_newest ON catalog.courses (published_at, id) WHERE state = 'published'")
    op.execute(
        """
        CREATE TABLE catalog.sections (
            id uuid CONSTRAINT pk_sections PRIMARY KEY,
            course_id uuid NOT NULL CONSTRAINT fk_sections_course_id_courses REFERENCES catalog.courses (id),
            title text NOT NULL,
            position bigint NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_sections_course ON catalog.sections (course_id, position)")
    op.execute(
        """
        CREATE TABLE catalog.lessons (
            id uuid CONSTRAINT pk_lessons PRIMARY KEY,
            course_id uuid NOT NULL CONSTRAINT fk_lessons_course_id_courses REFERENCES catalog.courses (id),
            section_id uuid
                CONSTRAINT fk_lessons_section_id_sections REFERENCES catalog.sections (id) ON DELETE SET NULL,
            title text NOT NULL,
            kind text NOT NULL CONSTRAINT ck_lessons_kind CHECK (kind IN ('video', 'text')),
            preview boolean NOT NULL,
            body text NOT NULL,
            duration_ms bigint,
            media_revision bigint NOT NULL,
            position bigint NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_lessons_course ON catalog.lessons (course_id, position)")
    op.execute("CREATE INDEX ix_lessons_section ON catalog.lessons (section_id, position)")


def downgrade() -> None:
    op.execute("DROP SCHEMA catalog CASCADE")
