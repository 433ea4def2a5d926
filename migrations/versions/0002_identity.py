"""Accounts and sessions."""

from __future__ import annotations

from alembic import op

revision = "0002_identity"
down_revision = "0001_messaging"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA identity")
    op.execute(
        """
        CREATE TABLE identity.users (
            id uuid CONSTRAINT pk_users PRIMARY KEY,
            email text NOT NULL CONSTRAINT uq_users_email UNIQUE,
            password_hash text NOT NULL,
            display_name text NOT NULL,
            roles text[] NOT NULL,
            locale text NOT NULL,
            cred_epoch bigint NOT NULL,
            disabled boolean NOT NULL,
            email_verified_at timestamptz,
            created_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE identity.sessions (
            id uuid CONSTRAINT pk_sessions PRIMARY KEY,
            user_id uuid NOT NULL
                CONSTRAINT fk_sessions_user_id_users REFERENCES identity.users (id) ON DELETE CASCADE,
            device_id uuid NOT NULL,
            slot bigint NOT NULL CONSTRAINT ck_sessions_slot_in_range CHECK (slot BETWEEN 0 AND 15),
            gen bigint NOT NULL,
            acked_gen bigint NOT NULL,
            salt bytea NOT NULL,
            label text NOT NULL,
            ip text NOT NULL,
            browser text NOT NULL,
            os text NOT NULL,
            idle_seconds bigint NOT NULL,
            created_at timestamptz NOT NULL,
            rotated_at timestamptz NOT NULL,
            last_seen_at timestamptz NOT NULL,
            idle_expires_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            ended_at timestamptz,
            end_reason text
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_sessions_live_device ON identity.sessions (user_id, device_id) WHERE ended_at IS NULL"
    )
    op.execute("CREATE UNIQUE INDEX uq_sessions_live_slot ON identity.sessions (user_id, slot) WHERE ended_at IS NULL")


def downgrade() -> None:
    op.execute("DROP SCHEMA identity CASCADE")
