"""Orders, payments, the ledger and the webhook inbox."""

from __future__ import annotations

from alembic import op

revision = "0005_billing"
down_revision = "0004_catalog"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA billing")
    _orders()
    _payments()
    _ledger()
    _inbox()


def _orders() -> None:
    op.execute(
        """
        CREATE TABLE billing.orders (
            id uuid CONSTRAINT pk_orders PRIMARY KEY,
            number text NOT NULL CONSTRAINT uq_orders_number UNIQUE,
            user_id uuid NOT NULL,
            gateway text,
            state text NOT NULL,
            total_minor bigint NOT NULL CONSTRAINT ck_orders_total_minor CHECK (total_minor >= 0),
            currency char(3) NOT NULL,
            placed_at timestamptz NOT NULL,
            expires_at timestamptz,
            cancelled_at timestamptz
        )
        """
    )
    op.execute("CREATE INDEX ix_orders_user ON billing.orders (user_id, id)")
    op.execute("CREATE INDEX ix_orders_pending ON billing.orders (expires_at) WHERE state = 'pending'")
    op.execute(
        """
        CREATE TABLE billing.order_items (
            id uuid CONSTRAINT pk_order_items PRIMARY KEY,
            order_id uuid NOT NULL CONSTRAINT fk_order_items_order_id_orders REFERENCES billing.orders (id),
            position bigint NOT NULL,
            course_id uuid NOT NULL,
            instructor_id uuid NOT NULL,
            slug text NOT NULL,
            title text NOT NULL,
            price_minor bigint NOT NULL CONSTRAINT ck_order_items_price_minor CHECK (price_minor >= 0),
            currency char(3) NOT NULL,
            tax_minor bigint NOT NULL,
            instructor_minor bigint NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_order_items_order ON billing.order_items (order_id, position)")
    op.execute(
        """
        CREATE TABLE billing.open_purchases (
            user_id uuid,
            course_id uuid,
            order_id uuid NOT NULL CONSTRAINT fk_open_purchases_order_id_orders REFERENCES billing.orders (id),
            CONSTRAINT pk_open_purchases PRIMARY KEY (user_id, course_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_open_purchases_order ON billing.open_purchases (order_id)")
    op.execute(
        """
        CREATE TABLE billing.order_requests (
            user_id uuid,
            key text,
            digest bytea NOT NULL,
            order_id uuid NOT NULL CONSTRAINT fk_order_requests_order_id_orders REFERENCES billing.orders (id)
                DEFERRABLE INITIALLY DEFERRED,
            requested_at timestamptz NOT NULL,
            CONSTRAINT pk_order_requests PRIMARY KEY (user_id, key)
        )
        """
    )


def _payments() -> None:
    op.execute(
        """
        CREATE TABLE billing.payments (
            id uuid CONSTRAINT pk_payments PRIMARY KEY,
            order_id uuid NOT NULL CONSTRAINT fk_payments_order_id_orders REFERENCES billing.orders (id),
            gateway text NOT NULL,
            gateway_ref text NOT NULL,
            checkout_url text NOT NULL,
            amount_minor bigint NOT NULL,
            currency char(3) NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT uq_payments_gateway UNIQUE (gateway, gateway_ref)
        )
        """
    )
    op.execute("CREATE INDEX ix_payments_order ON billing.payments (order_id)")
    op.execute(
        """
        CREATE TABLE billing.payment_facts (
            payment_id uuid CONSTRAINT fk_payment_facts_payment_id_payments REFERENCES billing.payments (id),
            kind text,
            object_id text,
            capture_id text NOT NULL,
            amount_minor bigint NOT NULL CONSTRAINT ck_payment_facts_amount_minor CHECK (amount_minor >= 0),
            currency char(3) NOT NULL,
            occurred_at timestamptz NOT NULL,
            item_ids uuid[] NOT NULL,
            CONSTRAINT pk_payment_facts PRIMARY KEY (payment_id, kind, object_id)
        )
        """
    )


def _ledger() -> None:
    op.execute(
        """
        CREATE TABLE billing.ledger_tx (
            source text CONSTRAINT pk_ledger_tx PRIMARY KEY,
            order_id uuid NOT NULL CONSTRAINT fk_ledger_tx_order_id_orders REFERENCES billing.orders (id),
            occurred_at timestamptz NOT NULL,
            posted_at timestamptz NOT NULL DEFAULT now()
        )
        """
    )
    op.execute("CREATE INDEX ix_ledger_tx_order ON billing.ledger_tx (order_id)")
    op.execute(
        """
        CREATE TABLE billing.ledger_entries (
            source text CONSTRAINT fk_ledger_entries_source_ledger_tx REFERENCES billing.ledger_tx (source),
            position bigint,
            account text NOT NULL,
            amount_minor bigint NOT NULL CONSTRAINT ck_ledger_entries_amount_minor CHECK (amount_minor <> 0),
            currency char(3) NOT NULL,
            CONSTRAINT pk_ledger_entries PRIMARY KEY (source, position)
        )
        """
    )
    op.execute("CREATE INDEX ix_ledger_entries_account ON billing.ledger_entries (account, currency)")
    op.execute(
        """
        CREATE FUNCTION billing.refuse_unbalanced_ledger_tx() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM billing.ledger_entries WHERE source = NEW.source
                       GROUP BY currency HAVING sum(amount_minor) <> 0) THEN
                RAISE EXCEPTION 'ledger transaction % does not sum to zero', NEW.source
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    # Deferred: the entries of a transaction come one by one and must balance when it commits.
    op.execute(
        """
        CREATE CONSTRAINT TRIGGER ledger_entries_balanced AFTER INSERT ON billing.ledger_entries
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing.refuse_unbalanced_ledger_tx()
        """
    )
    op.execute(
        """
        CREATE FUNCTION billing.refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
        END $$
        """
    )
    for table in ("ledger_tx", "ledger_entries"):
        op.execute(
            f"""
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing.{table}
            FOR EACH STATEMENT EXECUTE FUNCTION billing.refuse_ledger_change()
            """
        )


def _inbox() -> None:
    op.execute(
        """
        CREATE TABLE billing.webhook_inbox (
            id uuid CONSTRAINT pk_webhook_inbox PRIMARY KEY,
            gateway text NOT NULL,
            dedup_key text NOT NULL,
            event_type text NOT NULL,
            payment_ref text,
            payload bytea,
            payload_sha256 bytea NOT NULL,
            key_id text NOT NULL,
            verified_at timestamptz NOT NULL,
            state text NOT NULL,
            attempts bigint NOT NULL DEFAULT 0,
            next_attempt_at timestamptz,
            lease_until timestamptz,
            error_code text,
            finished_at timestamptz,
            CONSTRAINT uq_webhook_inbox_gateway UNIQUE (gateway, dedup_key)
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_webhook_inbox_due ON billing.webhook_inbox (next_attempt_at) WHERE next_attempt_at IS NOT NULL"
    )
    op.execute("CREATE INDEX ix_webhook_inbox_state ON billing.webhook_inbox (state, id)")


def downgrade() -> None:
    op.execute("DROP SCHEMA billing CASCADE")
