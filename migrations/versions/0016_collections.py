"""Collections, reviews of courses, and an index for each way in which courses are listed."""

from __future__ import annotations

from alembic import op

revision = "0016_collections"
down_revision = "0015_search"
branch_labels = None
depends_on = None

SAFE_BECAUSE = {
    "index-blocks-writes": "written before the first release: no table had rows in production yet",
}

PUBLISHED_BY = {
    "ix_courses_rating": "coalesce(rating_sum * 1000 / nullif(rating_count, 0), 0)",
    "ix_courses_price": "price_minor",
    "ix_courses_category": "category, enrolment_count",
    "ix_courses_language": "language, enrolment_count",
}


def upgrade() -> None:
    op.execute("ALTER TABLE catalog.courses ADD COLUMN rejection_reason text")
    op.execute(
        """
        CREATE TABLE catalog.collections (
            slug text CONSTRAINT pk_collections PRIMARY KEY,
            title text NOT NULL,
            description text NOT NULL,
            position bigint NOT NULL,
            published boolean NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE catalog.collected_courses (
            collection text CONSTRAINT fk_collected_courses_collection_collections
                REFERENCES catalog.collections (slug) ON DELETE CASCADE,
            position bigint,
            course_id uuid NOT NULL CONSTRAINT fk_collected_courses_course_id_courses REFERENCES catalog.courses (id),
            CONSTRAINT pk_collected_courses PRIMARY KEY (collection, position)
        )
        """
    )
    op.execute("CREATE INDEX ix_courses_state ON catalog.courses (state, id)")
    for name, columns in PUBLISHED_BY.items():
        op.execute(f"CREATE INDEX {name} ON catalog.courses ({columns}, id) WHERE state = 'published'")


def downgrade() -> None:
    for name in ("ix_courses_state", *PUBLISHED_BY):
        op.execute(f"DROP INDEX catalog.{name}")
    op.execute("DROP TABLE catalog.collected_courses")
    op.execute("DROP TABLE catalog.collections")
    op.execute("ALTER TABLE catalog.courses DROP COLUMN rejection_reason")
