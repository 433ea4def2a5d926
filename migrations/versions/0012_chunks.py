"""Chunks of long videos."""

from __future__ import annotations

from alembic import op

revision = "0012_chunks"
down_revision = "0011_books"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE media.chunks (
            run_id uuid NOT NULL CONSTRAINT fk_chunks_run_id_runs REFERENCES media.runs (id),
            index bigint NOT NULL,
            span jsonb NOT NULL,
            state text NOT NULL,
            attempt bigint NOT NULL,
            fence bigint NOT NULL,
            lease_until timestamptz,
            frames bigint NOT NULL,
            encoded jsonb,
            files jsonb NOT NULL,
            CONSTRAINT pk_chunks PRIMARY KEY (run_id, index)
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE media.chunks")
