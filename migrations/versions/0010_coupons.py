"""Coupons, the orders that hold them, and what gateways keep of an order."""

from __future__ import annotations

from alembic import op

revision = "0010_coupons"
down_revision = "0009_asking"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE billing.coupons (
            id uuid CONSTRAINT pk_coupons PRIMARY KEY,
            code text NOT NULL CONSTRAINT uq_coupons_code UNIQUE,
            percent_off bigint,
            amount_off_minor bigint,
            currency char(3),
            course_ids uuid[] NOT NULL,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz,
            max_redemptions bigint,
            created_at timestamptz NOT NULL,
            archived_at timestamptz,
            redeemed bigint NOT NULL CONSTRAINT ck_coupons_redeemed CHECK (redeemed >= 0),
            CONSTRAINT ck_coupons_reduction CHECK ((percent_off IS NULL) <> (amount_off_minor IS NULL))
        )
        """
    )
    op.execute(
        """
        CREATE TABLE billing.coupon_redemptions (
            order_id uuid CONSTRAINT pk_coupon_redemptions PRIMARY KEY
                CONSTRAINT fk_coupon_redemptions_order_id_orders REFERENCES billing.orders (id),
            coupon_id uuid NOT NULL
                CONSTRAINT fk_coupon_redemptions_coupon_id_coupons REFERENCES billing.coupons (id),
            user_id uuid NOT NULL,
            state text NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ix_coupon_redemptions_buyer ON billing.coupon_redemptions (coupon_id, user_id)")
    op.execute("ALTER TABLE billing.orders ADD COLUMN coupon_id uuid, ADD COLUMN coupon_code text")
    op.execute("ALTER TABLE billing.orders ADD COLUMN fee_minor bigint NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE billing.order_items ADD COLUMN discount_minor bigint NOT NULL DEFAULT 0")


def downgrade() -> None:
    op.execute("ALTER TABLE billing.order_items DROP COLUMN discount_minor")
    op.execute("ALTER TABLE billing.orders DROP COLUMN coupon_id, DROP COLUMN coupon_code, DROP COLUMN fee_minor")
    op.execute("DROP TABLE billing.coupon_redemptions")
    op.execute("DROP TABLE billing.coupons")
