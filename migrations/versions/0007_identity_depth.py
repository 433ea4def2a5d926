"""One-time tokens, the audit log, epochs of authority, erasure, and more places for devices."""

from __future__ import annotations

from alembic import op

revision = "0007_identity_depth"
down_revision = "0006_learning"
branch_labels = None
depends_on = None

SAFE_BECAUSE = {
    "index-blocks-writes": "written before the first release: no table had rows in production yet",
    "drop-constraint": "it is made anew at once and wider, so that whatever was written before may still be",
    "constraint-scans": "written before the first release: no table had rows in production yet",
}


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE identity.users
            ADD COLUMN authz_epoch bigint NOT NULL DEFAULT 1,
            ADD COLUMN authz_changed_at timestamptz NOT NULL DEFAULT 'epoch',
            ADD COLUMN erase_at timestamptz
        """
    )
    op.execute("CREATE INDEX ix_users_authz_changed_at ON identity.users (authz_changed_at)")
    op.execute("CREATE INDEX ix_users_erase_at ON identity.users (erase_at) WHERE erase_at IS NOT NULL")
    op.execute(
        """
        ALTER TABLE identity.sessions
            DROP CONSTRAINT ck_sessions_slot_in_range,
            ADD CONSTRAINT ck_sessions_slot_in_range CHECK (slot BETWEEN 0 AND 63)
        """
    )
    op.execute("CREATE INDEX ix_sessions_user_id_device_id ON identity.sessions (user_id, device_id)")
    op.execute("CREATE INDEX ix_sessions_ended_at ON identity.sessions (ended_at) WHERE ended_at IS NOT NULL")
    op.execute(
        """
        CREATE TABLE identity.one_time_tokens (
            digest bytea CONSTRAINT pk_one_time_tokens PRIMARY KEY,
            purpose text NOT NULL,
            user_id uuid NOT NULL
                CONSTRAINT fk_one_time_tokens_user_id_users REFERENCES identity.users (id) ON DELETE CASCADE,
            email text NOT NULL,
            cred_epoch bigint NOT NULL,
            device_id uuid,
            expires_at timestamptz NOT NULL,
            used_at timestamptz
        )
        """
    )
    op.execute("CREATE INDEX ix_one_time_tokens_user_id ON identity.one_time_tokens (user_id)")
    op.execute("CREATE INDEX ix_one_time_tokens_expires_at ON identity.one_time_tokens (expires_at)")
    op.execute(
        """
        CREATE TABLE identity.audit_log (
            id uuid CONSTRAINT pk_audit_log PRIMARY KEY,
            at timestamptz NOT NULL,
            action text NOT NULL,
            user_id uuid,
            actor_id uuid,
            session_id uuid,
            device_id uuid,
            ip text,
            browser text,
            os text,
            detail jsonb NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_audit_log_user_id_id ON identity.audit_log (user_id, id)")
    op.execute("CREATE INDEX ix_audit_log_actor_id_id ON identity.audit_log (actor_id, id)")
    op.execute("CREATE INDEX ix_audit_log_at ON identity.audit_log (at)")


def downgrade() -> None:
    op.execute("DROP TABLE identity.audit_log, identity.one_time_tokens")
    op.execute("DROP INDEX identity.ix_sessions_ended_at, identity.ix_sessions_user_id_device_id")
    op.execute("ALTER TABLE identity.users DROP COLUMN authz_epoch, DROP COLUMN authz_changed_at, DROP COLUMN erase_at")
    # Sessions in the places that are taken away end with them.
    op.execute("DELETE FROM identity.sessions WHERE slot > 15")
    op.execute(
        """
        ALTER TABLE identity.sessions
            DROP CONSTRAINT ck_sessions_slot_in_range,
            ADD CONSTRAINT ck_sessions_slot_in_range CHECK (slot BETWEEN 0 AND 15)
        """
    )
