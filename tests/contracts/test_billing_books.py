"""The contract of the reads of billing's books, over each adapter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
from msgspec import structs

from kosu.ids import OrderId, UserId
from kosu.modules.billing.book_views import (
    Balance,
    EarnedBalance,
    Earnings,
    LedgerTransactionView,
    OpsOrder,
    PaymentDetail,
)
from kosu.modules.billing.domain.ledger import transactions
from kosu.modules.billing.domain.orders import OrderState
from kosu.modules.billing.domain.payments import FactKind
from kosu.modules.billing.ports.books import BY_POSTING
from kosu.modules.billing.views import PlacedOrder, PostingView, RefundView
from kosu.modules.identity import Origin
from kosu.money import Money
from kosu.paging import BY_ID, Cursor
from tests.support.billing import (
    AT,
    BUYER,
    INSTRUCTOR,
    PRICE,
    BillingWorld,
    an_order,
    captured,
    fact,
    failed_refund,
    item,
    refund,
    reversed_capture,
)
from tests.support.billing_postgres import postgres_world, world

__all__ = ["world"]

OPERATOR, STRANGER = UserId(UUID(int=99)), UserId(UUID(int=9))
PAYABLE = f"instructor_payable:{INSTRUCTOR}"
# Of 49,000 won: the tax that is in it, and 70 % of the rest.
TAX, SHARE = 4_455, 31_181


def won(minor: int) -> Money:
    return Money(minor, "KRW")


async def a_paid_order(world: BillingWorld, *, capture: str = "cap") -> PlacedOrder:
    order = await world.order()
    await world.settle(order, captured(object_id=capture))
    return order


async def sources(world: BillingWorld, *, order: PlacedOrder | None = None, account: str | None = None) -> list[str]:
    """What the ledger lists, without the ids of the orders."""
    page = await world.books.ledger(
        order_id=None if order is None else order.id, account=account, before=None, limit=100
    )
    return [posting.source.partition("/")[2] for posting in page.items]


async def test_the_ledger_is_listed_newest_posting_first(world: BillingWorld) -> None:
    order = await a_paid_order(world)
    # It happened before the other one and was heard of later.
    await world.settle(order, refund(won(1_000)))
    page = await world.books.ledger(order_id=None, account=None, before=None, limit=9)
    assert [posting.source for posting in page.items] == [f"{order.id}/refund/re", f"{order.id}/captured/cap"]
    assert page.next_cursor is None
    posted = page.items[1]
    assert abs(posted.posted_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert structs.replace(posted, posted_at=AT) == LedgerTransactionView(
        source=f"{order.id}/captured/cap",
        order_id=order.id,
        occurred_at=AT,
        posted_at=AT,
        entries=[
            PostingView("psp_clearing", PRICE),
            PostingView("tax_payable", won(-TAX)),
            PostingView(PAYABLE, won(-SHARE)),
            PostingView("platform_revenue", won(-(PRICE.amount_minor - TAX - SHARE))),
        ],
    )


async def test_the_ledger_is_filtered_by_order_and_by_account(world: BillingWorld) -> None:
    first = await a_paid_order(world, capture="a")
    second = await a_paid_order(world, capture="b")
    await world.settle(second, fact(FactKind.DISPUTE_OPEN, "d", of="b"))
    assert await sources(world) == ["dispute_open/d", "captured/b", "captured/a"]
    assert await sources(world, order=second) == ["dispute_open/d", "captured/b"]
    assert await sources(world, account="dispute_hold") == ["dispute_open/d"]
    assert await sources(world, account=PAYABLE) == ["captured/b", "captured/a"]
    assert await sources(world, account=PAYABLE, order=first) == ["captured/a"]
    assert await sources(world, account="instructor_payable") == []
    assert (await world.books.ledger(order_id=OrderId(UUID(int=404)), account=None, before=None, limit=9)).items == []


async def test_pages_of_the_ledger_meet_without_a_gap(world: BillingWorld) -> None:
    for capture in "abcde":
        await a_paid_order(world, capture=capture)
    seen, before = [], None
    while True:
        page = await world.books.ledger(order_id=None, account="psp_clearing", before=before, limit=2)
        seen += [posting.source.rpartition("/")[2] for posting in page.items]
        if page.next_cursor is None:
            break
        before = Cursor.decode(page.next_cursor, sort=BY_POSTING).value
    assert "".join(seen) == "edcba"


async def test_balances_sum_up_the_entries_of_each_account_and_currency(world: BillingWorld) -> None:
    order = await a_paid_order(world)
    await world.settle(order, refund())
    dollars = await world.order(world.course(Money(1_000, "USD")))
    await world.settle(dollars, captured(Money(1_000, "USD"), object_id="usd"))
    balances = (await world.books.balances(account=None)).items
    assert balances == [
        Balance(PAYABLE, won(0)),
        Balance(PAYABLE, Money(-700, "USD")),
        Balance("platform_revenue", won(0)),
        Balance("platform_revenue", Money(-300, "USD")),
        Balance("psp_clearing", won(0)),
        Balance("psp_clearing", Money(1_000, "USD")),
        Balance("tax_payable", won(0)),
    ]
    assert (await world.books.balances(account="psp_clearing")).items == balances[4:6]
    assert (await world.books.balances(account="nothing")).items == []


async def test_orders_of_all_buyers_are_listed_newest_first(world: BillingWorld) -> None:
    placed = [await world.order(), await world.order(user_id=STRANGER), await world.order()]
    first = await world.books.orders(state=None, user_id=None, text=None, before=None, limit=2)
    assert [(order.id, order.user_id) for order in first.items] == [(placed[2].id, BUYER), (placed[1].id, STRANGER)]
    assert first.items[0].items == placed[2].items
    assert first.next_cursor is not None
    before = Cursor.decode(first.next_cursor, sort=BY_ID).id
    rest = await world.books.orders(state=None, user_id=None, text=None, before=before, limit=2)
    assert ([order.id for order in rest.items], rest.next_cursor) == ([placed[0].id], None)


async def test_orders_are_found_by_state_buyer_number_and_reference(world: BillingWorld) -> None:
    paid = await a_paid_order(world)
    pending = await world.order(user_id=STRANGER)
    assert pending.payment is not None

    async def found(
        state: OrderState | None = None, user_id: UserId | None = None, text: str | None = None
    ) -> list[OrderId]:
        page = await world.books.orders(state=state, user_id=user_id, text=text, before=None, limit=9)
        return [order.id for order in page.items]

    assert await found(state=OrderState.PAID) == [paid.id]
    assert await found(state=OrderState.REFUNDED) == []
    assert await found(user_id=STRANGER) == [pending.id]
    assert await found(user_id=STRANGER, state=OrderState.PAID) == []
    assert await found(text=paid.number.lower()) == [paid.id]
    assert await found(text="260101-") == [pending.id, paid.id]
    assert await found(text=pending.payment.ref) == [pending.id]
    for none in ("260102", "%", "______", "\\", paid.number + "0", pending.payment.ref[:-1]):
        assert await found(text=none) == []


async def test_an_order_is_shown_with_all_that_is_known_of_it(world: BillingWorld) -> None:
    order = await world.order(world.course(), world.course(won(11_000)))
    assert order.payment is not None
    back = (order.items[1].id,)
    await world.settle(order, captured(order.total))
    asked = await world.billing.request_refund()(
        operator_id=OPERATOR,
        order_id=order.id,
        item_ids=back,
        amount_minor=None,
        reason="asked",
        idempotency_key=None,
        origin=Origin(),
    )
    await world.settle(order, fact(FactKind.REFUND, "re", won(11_000), at=AT + timedelta(hours=1), item_ids=back))
    await world.billing.issue_receipt()(order_id=order.id)
    shown = await world.books.order(order.id)
    assert isinstance(shown, OpsOrder)
    view = await world.view(order)
    assert (shown.user_id, shown.number, shown.state) == (BUYER, order.number, "partially_refunded")
    assert (shown.items, shown.total, shown.tax, shown.timeline) == (order.items, order.total, view.tax, view.timeline)
    assert (shown.receipt_number, shown.cancelled_at) == ("2026-000001", None)
    (payment,) = shown.payments
    assert payment == PaymentDetail(
        id=payment.id, gateway="memory", ref=order.payment.ref, amount=order.total, created_at=AT
    )
    assert [(told.kind, told.object_id, told.capture_id, told.amount, told.items) for told in shown.facts] == [
        (FactKind.CAPTURED, "cap", "cap", order.total, []),
        (FactKind.REFUND, "re", "cap", won(11_000), list(back)),
    ]
    assert {told.payment_id for told in shown.facts} == {payment.id}
    assert shown.facts[1].occurred_at == AT + timedelta(hours=1)
    assert [structs.replace(each, state=asked[0].state) for each in shown.refunds] == list[RefundView](asked)
    assert [posting.source.partition("/")[2] for posting in shown.ledger] == ["captured/cap", "refund/re"]


async def test_an_order_of_which_nothing_happened_yet_is_shown_too(world: BillingWorld) -> None:
    order = await world.order(world.course(won(0)))
    shown = await world.books.order(order.id)
    assert shown is not None
    assert (shown.payments, shown.facts, shown.refunds, shown.ledger) == ([], [], [], [])
    assert shown.receipt_number is None
    assert await world.books.order(OrderId(UUID(int=404))) is None


async def test_nothing_sold_is_nothing_earned(world: BillingWorld) -> None:
    await a_paid_order(world)
    assert await world.books.earnings(STRANGER) == Earnings(balances=[], months=[], courses=[])


async def test_earnings_are_what_captures_brought_less_what_refunds_took(world: BillingWorld) -> None:
    order = await a_paid_order(world)
    half = won(24_500)
    await world.settle(order, refund(half, object_id="a"), refund(half, object_id="b"))
    await world.settle(order, failed_refund(half, object_id="b"))
    reverted = await world.order()
    await world.settle(reverted, captured(object_id="r"), reversed_capture(object_id="r"))
    dollars = await world.order(world.course(Money(1_000, "USD")))
    await world.settle(dollars, captured(Money(1_000, "USD"), object_id="usd"))
    (dollar_balance, won_balance) = sorted(
        (await world.books.earnings(INSTRUCTOR)).balances, key=lambda each: each.earned.amount_minor
    )
    gone = SHARE // 2
    assert won_balance == EarnedBalance(earned=won(SHARE), refunded=won(gone), balance=won(SHARE - gone))
    assert dollar_balance.balance == Money(700, "USD")
    (ledger,) = (await world.books.balances(account=PAYABLE)).items[:1]
    assert ledger.amount == -won_balance.balance


async def test_a_lost_dispute_takes_earnings_back(world: BillingWorld) -> None:
    order = await a_paid_order(world)
    await world.settle(order, fact(FactKind.DISPUTE_OPEN, "d"), fact(FactKind.DISPUTE_LOST, "d"))
    (balance,) = (await world.books.earnings(INSTRUCTOR)).balances
    assert (balance.earned, balance.refunded, balance.balance) == (won(SHARE), won(SHARE), won(0))


async def test_months_are_those_in_which_the_money_moved_newest_first(world: BillingWorld) -> None:
    order = await a_paid_order(world)
    later = AT + timedelta(days=40)
    await world.settle(order, fact(FactKind.REFUND, "re", at=later))
    months = (await world.books.earnings(INSTRUCTOR)).months
    assert [(month.month, month.earned, month.refunded) for month in months] == [
        ("2026-02", won(0), won(SHARE)),
        ("2026-01", won(SHARE), won(0)),
    ]


async def test_courses_that_were_bought_together_are_told_together(world: BillingWorld) -> None:
    """The refund of half of an order of two courses is neither the one's nor the other's."""
    one, two = world.course(), world.course(won(11_000))
    alone = await world.order(one)
    await world.settle(alone, captured(object_id="a"))
    again = await world.order(one, user_id=STRANGER)
    await world.receive(again, captured(object_id="b"))
    both = await world.order(two, one, user_id=UserId(UUID(int=8)))
    await world.receive(both, captured(both.total, object_id="c"), refund(won(30_000), of="c"))
    await world.drain()
    courses = (await world.books.earnings(INSTRUCTOR)).courses
    assert [[course.id for course in line.courses] for line in courses] == [[one], sorted([one, two])]
    assert [line.order_count for line in courses] == [2, 1]
    assert [line.earned for line in courses] == [won(2 * SHARE), won(SHARE + 7_000)]
    assert courses[0].refunded == won(0)
    assert courses[1].refunded.amount_minor == (SHARE + 7_000) // 2
    assert {course.title for line in courses for course in line.courses} == {"Course"}


async def test_what_others_sold_in_the_same_order_is_not_one_s_own(world: BillingWorld) -> None:
    order = an_order(item(item_id=11, course_id=21), item(item_id=12, course_id=22, instructor_id=STRANGER))
    async with world.transaction() as records:
        await records.orders.add(order)
        await records.ledger.post(transactions(order, [captured(order.total)]))
    for instructor_id, course in ((INSTRUCTOR, "Course 21"), (STRANGER, "Course 22")):
        (line,) = (await world.books.earnings(instructor_id)).courses
        assert ([sold.title for sold in line.courses], line.earned) == ([course], won(SHARE))


async def test_money_that_no_order_explains_is_nobody_s_earning(world: BillingWorld) -> None:
    await world.settle(await world.order(), captured(won(1)))
    assert await sources(world, account="suspense") == ["captured/cap"]
    assert (await world.books.earnings(INSTRUCTOR)).balances == []


MANY_ORDERS = """
    INSERT INTO billing.orders (id, number, user_id, gateway, state, total_minor, currency, placed_at)
        SELECT gen_random_uuid(), '260102-' || n, gen_random_uuid(), 'memory', 'failed', 1, 'KRW', now()
        FROM generate_series(1, 5000) n;
    INSERT INTO billing.payments (id, order_id, gateway, gateway_ref, checkout_url, amount_minor, currency, created_at)
        SELECT gen_random_uuid(), id, 'memory', number, '', 1, 'KRW', now() FROM billing.orders;
    INSERT INTO billing.order_items (id, order_id, position, course_id, instructor_id, slug, title, price_minor,
                                     currency, tax_minor, instructor_minor)
        SELECT gen_random_uuid(), id, 0, id, id, '', '', 1, 'KRW', 0, 0 FROM billing.orders;
    INSERT INTO billing.ledger_tx (source, order_id, occurred_at)
        SELECT id || '/captured/x', id, now() FROM billing.orders;
    INSERT INTO billing.ledger_entries (source, position, account, amount_minor, currency)
        SELECT source, position, CASE position WHEN 0 THEN 'psp_clearing' ELSE 'instructor_payable:' || order_id END,
               1 - 2 * position, 'KRW'
        FROM billing.ledger_tx, generate_series(0, 1) position;
"""


async def test_no_page_reads_a_whole_table(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(MANY_ORDERS)
        connection.execute("VACUUM ANALYZE")
    before = rows_read(database)
    async with postgres_world(database) as world:
        books = world.books
        listed = await books.orders(state=None, user_id=None, text=None, before=None, limit=20)
        (order_id, *_) = [order.id for order in listed.items]
        for state, user_id, text in (
            (OrderState.PAID, None, None),
            (None, BUYER, None),
            (None, None, "260102-4321"),
            (None, None, "no such reference"),
        ):
            await books.orders(state=state, user_id=user_id, text=text, before=order_id, limit=20)
        await books.order(order_id)
        for order, account in ((None, None), (order_id, None), (None, PAYABLE), (None, "psp_clearing")):
            await books.ledger(order_id=order, account=account, before=4_000, limit=20)
        await books.balances(account=PAYABLE)
        await books.earnings(INSTRUCTOR)
    assert rows_read(database) - before < 1_000


def rows_read(database: str) -> int:
    """How many rows of billing were read so far, in whatever way; connections tell it when they are closed."""
    with psycopg.connect(database, autocommit=True) as connection:
        row = connection.execute(
            """SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables
               WHERE schemaname = 'billing'"""
        ).fetchone()
    assert row is not None
    return int(row[0])
