"""Captions."""

from __future__ import annotations

from alembic import op

revision = "0013_captions"
down_revision = "0012_chunks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE media.assets ADD COLUMN captions_version bigint NOT NULL DEFAULT 0")
    op.execute(
        """
        CREATE TABLE media.captions (
            asset_id uuid CONSTRAINT fk_captions_asset_id_assets REFERENCES media.assets (id),
            lang text,
            text text NOT NULL,
            updated_at timestamptz NOT NULL,
            CONSTRAINT pk_captions PRIMARY KEY (asset_id, lang)
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE media.captions")
    op.execute("ALTER TABLE media.assets DROP COLUMN captions_version")
