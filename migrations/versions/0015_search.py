"""What courses are found by: their words and the grams of their texts, also of the courses that are there."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

from kosu.adapters.postgres.catalog.tsearch import vector_of
from kosu.modules.catalog.domain.search import SearchDocument, SearchText

revision = "0015_search"
down_revision = "0014_retirement"
branch_labels = None
depends_on = None

BATCH = 500


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE catalog.course_search (
            course_id uuid CONSTRAINT pk_course_search PRIMARY KEY
                CONSTRAINT fk_course_search_course_id_courses REFERENCES catalog.courses (id) ON DELETE CASCADE,
            words tsvector NOT NULL,
            grams text[] NOT NULL
        )
        """
    )
    _index_all()
    # Made when the rows are there, which is several times faster than row by row.
    op.execute("CREATE INDEX ix_course_search_words ON catalog.course_search USING gin (words)")
    op.execute("CREATE INDEX ix_course_search_grams ON catalog.course_search USING gin (grams)")


def _index_all() -> None:
    connection = op.get_bind()
    batch = text(
        """
        SELECT c.id, c.title, c.subtitle, c.instructor_name, g.name, c.description
        FROM catalog.courses c JOIN catalog.categories g ON g.slug = c.category
        WHERE c.id > :last ORDER BY c.id LIMIT :size
        """
    )
    insert = text("INSERT INTO catalog.course_search VALUES (:course_id, CAST(:words AS tsvector), :grams)")
    last = "00000000-0000-0000-0000-000000000000"
    while rows := connection.execute(batch, {"last": last, "size": BATCH}).all():
        documents = []
        for course_id, title, subtitle, instructor, category, description in rows:
            document = SearchDocument.of(
                SearchText(
                    title=title,
                    subtitle=subtitle,
                    instructor=instructor,
                    category=category,
                    description=description,
                )
            )
            documents.append({"course_id": course_id, "words": vector_of(document), "grams": sorted(document.grams)})
        connection.execute(insert, documents)
        last = rows[-1][0]


def downgrade() -> None:
    op.execute("DROP TABLE catalog.course_search")
