"""Revisions that were replaced, uploads by their owner, and what runs wait for."""

from __future__ import annotations

from alembic import op

revision = "0014_retirement"
down_revision = "0013_captions"
branch_labels = None
depends_on = None

SAFE_BECAUSE = {
    "index-blocks-writes": "written before the first release: no table had rows in production yet",
}


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE media.retired_revisions (
            asset_id uuid CONSTRAINT fk_retired_revisions_asset_id_assets REFERENCES media.assets (id),
            revision bigint,
            retired_at timestamptz NOT NULL,
            CONSTRAINT pk_retired_revisions PRIMARY KEY (asset_id, revision)
        )
        """
    )
    op.execute("CREATE INDEX ix_retired_revisions_retired_at ON media.retired_revisions (retired_at)")
    op.execute("CREATE INDEX ix_media_uploads_owner_id ON media.uploads (owner_id)")
    op.execute("ALTER TABLE media.runs ADD COLUMN waits_for text")


def downgrade() -> None:
    op.execute("ALTER TABLE media.runs DROP COLUMN waits_for")
    op.execute("DROP INDEX media.ix_media_uploads_owner_id")
    op.execute("DROP TABLE media.retired_revisions")
