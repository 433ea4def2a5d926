"""Assets, upload sessions and runs."""

from __future__ import annotations

from alembic import op

revision = "0003_media"
down_revision = "0002_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA media")
    op.execute(
        """
        CREATE TABLE media.assets (
            id uuid CONSTRAINT pk_assets PRIMARY KEY,
            owner_id uuid NOT NULL,
            lesson_id uuid CONSTRAINT uq_assets_lesson_id UNIQUE,
            created_at timestamptz NOT NULL,
            last_revision bigint NOT NULL,
            publication jsonb
        )
        """
    )
    op.execute(
        """
        CREATE TABLE media.uploads (
            id uuid CONSTRAINT pk_uploads PRIMARY KEY,
            owner_id uuid NOT NULL,
            asset_id uuid NOT NULL CONSTRAINT fk_uploads_asset_id_assets REFERENCES media.assets (id),
            lesson_id uuid,
            filename text NOT NULL,
            content_type text NOT NULL,
            size_bytes bigint NOT NULL,
            part_size_bytes bigint NOT NULL,
            key text NOT NULL,
            multipart_id text NOT NULL,
            fingerprint text,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            state text NOT NULL,
            purged boolean NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_media_uploads_asset_id ON media.uploads (asset_id)")
    op.execute(
        "CREATE UNIQUE INDEX uq_uploads_open ON media.uploads (owner_id, fingerprint) "
        "WHERE state IN ('created', 'uploading', 'completing')"
    )
    op.execute(
        "CREATE INDEX ix_uploads_expiring ON media.uploads (expires_at) "
        "WHERE state IN ('created', 'uploading', 'completing')"
    )
    op.execute("CREATE INDEX ix_uploads_unpurged ON media.uploads (id) WHERE NOT purged")
    op.execute(
        """
        CREATE TABLE media.runs (
            id uuid CONSTRAINT pk_runs PRIMARY KEY,
            asset_id uuid NOT NULL CONSTRAINT fk_runs_asset_id_assets REFERENCES media.assets (id),
            lesson_id uuid,
            upload_id uuid NOT NULL
                CONSTRAINT uq_runs_upload_id UNIQUE
                CONSTRAINT fk_runs_upload_id_uploads REFERENCES media.uploads (id),
            source_key text NOT NULL,
            source_bytes bigint NOT NULL,
            created_at timestamptz NOT NULL,
            state text NOT NULL,
            steps jsonb NOT NULL,
            percent bigint NOT NULL,
            attempt bigint NOT NULL,
            fence bigint NOT NULL,
            lease_until timestamptz,
            wake_at timestamptz,
            facts jsonb,
            renditions jsonb NOT NULL,
            revisions jsonb NOT NULL,
            started_at timestamptz,
            finished_at timestamptz,
            error jsonb
        )
        """
    )
    op.execute("CREATE INDEX ix_media_runs_asset_id ON media.runs (asset_id)")
    op.execute("CREATE INDEX ix_runs_wake_at ON media.runs (wake_at) WHERE state IN ('queued', 'processing')")


def downgrade() -> None:
    op.execute("DROP SCHEMA media CASCADE")
