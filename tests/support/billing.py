"""Billing to play with: with courses to buy and a gateway that says what it is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from dependency_injector.providers import Object

from kosu.adapters.memory.billing import (
    MemoryBillingChecks,
    MemoryBillingQueries,
    MemoryBillingRecords,
    MemoryBooks,
    MemoryGateway,
    MemoryWebhookInbox,
)
from kosu.adapters.memory.catalog import COURSES, MemoryCatalogQueries
from kosu.adapters.memory.clock import MemoryClock, MemoryIds
from kosu.adapters.memory.database import MemoryDatabase, MemoryTransaction
from kosu.adapters.memory.discovery import MemoryDiscovery
from kosu.adapters.memory.identity import MemoryIdentityQueries, MemoryIdentityRecords
from kosu.adapters.memory.learning import MemoryLearningQueries, MemoryLearningRecords
from kosu.adapters.memory.mailer import MemoryMailer
from kosu.adapters.memory.notifications import MemoryNotificationBook
from kosu.adapters.memory.queue import MemoryQueue
from kosu.adapters.memory.throttle import MemoryThrottle
from kosu.ids import CourseId, OrderId, UserId
from kosu.modules.billing.container import BillingContainer
from kosu.modules.billing.domain.ledger import LedgerTransaction
from kosu.modules.billing.domain.orders import Order, OrderItem, OrderItemId, OrderState, place
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.pricing import Terms, priced_item
from kosu.modules.billing.domain.receipts import Seller
from kosu.modules.billing.ports import (
    BillingQueries,
    BillingRecords,
    EnrolmentGrants,
    PaymentGateway,
    WebhookInbox,
)
from kosu.modules.billing.ports.books import BillingChecks, Books
from kosu.modules.billing.views import OrderView, PlacedOrder
from kosu.modules.catalog import Catalog
from kosu.modules.catalog.domain.course import CourseState
from kosu.modules.identity import AuditLog, Identity, Notifications
from kosu.modules.identity.audit_trail import AuditTrail
from kosu.modules.identity.domain.tokens import Keyring
from kosu.modules.identity.ports import IdentityQueries, IdentityRecords
from kosu.modules.learning import Learning
from kosu.money import Money
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import OpenTransaction, Transaction
from tests.support.catalog import a_course

AT = MemoryClock().now()
BUYER = UserId(UUID(int=1))
INSTRUCTOR = UserId(UUID(int=2))
PRICE = Money(49_000, "KRW")
SELLER = Seller("Kosu Inc.", "Seoul, 123-45-67890")


class RecordingGrants:
    """Billing's port to learning, which remembers every call. `calls` counts by what was asked and of which source."""

    def __init__(self) -> None:
        self.calls: dict[tuple[str, UUID], int] = defaultdict(int)
        self._live: dict[UUID, tuple[UserId, CourseId]] = {}

    async def grant(
        self,
        open_transaction: OpenTransaction,
        *,
        user_id: UserId,
        course_id: CourseId,
        source: str,
        source_id: UUID,
        at: datetime,
    ) -> None:
        assert source == "order_item"
        self.calls["grant", source_id] += 1
        self._live[source_id] = (user_id, course_id)

    async def revoke(self, open_transaction: OpenTransaction, *, source: str, source_id: UUID, at: datetime) -> None:
        assert source == "order_item"
        self.calls["revoke", source_id] += 1
        self._live.pop(source_id, None)

    async def enrolled(self, user_id: UserId, course_ids: Collection[CourseId]) -> frozenset[CourseId]:
        return frozenset(
            course_id for owner, course_id in self._live.values() if owner == user_id and course_id in course_ids
        )


# Without any fee, so that books are about nothing but the price.
TERMS = Terms()


class BillingWorld:
    def __init__(
        self,
        *,
        transaction: Transaction[BillingRecords],
        audit_transaction: Transaction[IdentityRecords],
        accounts: IdentityQueries,
        queries: BillingQueries,
        books: Books,
        checks: BillingChecks,
        inbox: WebhookInbox,
        clock: MemoryClock,
        ids: IdSource,
        queue: MemoryQueue,
        database: MemoryDatabase,
        gateway: MemoryGateway | None = None,
        terms: Terms = TERMS,
        learning: EnrolmentGrants | None = None,
    ) -> None:
        """With `learning` access is given by that, and `grants` hears nothing."""
        self.transaction = transaction
        self.accounts = accounts
        self.queries = queries
        self.books = books
        self.checks = checks
        self.inbox = inbox
        self.clock = clock
        self.ids = ids
        self.queue = queue
        self.database = database
        self.gateway = gateway or MemoryGateway()
        self.gateways: dict[str, PaymentGateway] = {self.gateway.name: self.gateway}
        self.grants = RecordingGrants()
        self.audit = AuditLog(audit_transaction, AuditTrail(ids))
        self.mailer = MemoryMailer()
        self.billing = BillingContainer(
            clock=Object(clock),
            ids=Object(ids),
            queue=Object(queue),
            transaction=Object(transaction),
            queries=Object(queries),
            inbox=Object(inbox),
            catalog=Object(Catalog(MemoryCatalogQueries(database), MemoryDiscovery(database))),
            grants=Object(learning or self.grants),
            audit=Object(self.audit),
            throttle=Object(MemoryThrottle()),
            terms=Object(terms),
            identity=Object(Identity(accounts)),
            notifications=Object(
                Notifications(
                    book=MemoryNotificationBook(database),
                    mailer=self.mailer,
                    keyring=Keyring({"k1": b"1" * 32}),
                    clock=clock,
                    api_url="https://api.kosu.test",
                    link_base="https://kosu.test",
                )
            ),
            books=Object(books),
            checks=Object(checks),
            seller=Object(SELLER),
            gateways=Object(self.gateways),
            sandbox_delivery=Object(None),
        )
        self._events = 0

    def course(self, price: Money = PRICE, *, state: CourseState = "published") -> CourseId:
        """A new course in the catalogue."""
        course_id = CourseId(self.ids.new())
        self.reprice(course_id, price, state=state)
        return course_id

    def reprice(self, course_id: CourseId, price: Money, *, state: CourseState = "published") -> None:
        self.database.tables.setdefault(COURSES, {})[course_id] = a_course(
            "Course",
            id=course_id,
            slug=f"course-{course_id.hex}",
            instructor_id=INSTRUCTOR,
            price=price,
            state=state,
        )

    async def order(
        self,
        *course_ids: CourseId,
        user_id: UserId = BUYER,
        key: str | None = None,
        gateway: str = "memory",
        coupon_code: str | None = None,
    ) -> PlacedOrder:
        """Place an order; without courses for a new course at PRICE."""
        return await self.billing.place_order()(
            user_id=user_id,
            course_ids=course_ids or (self.course(),),
            coupon_code=coupon_code,
            gateway=gateway,
            idempotency_key=key,
        )

    async def receive(
        self, order: PlacedOrder, *facts: PaymentFact, event_id: str | None = None, payment_ref: str | None = None
    ) -> None:
        """A webhook of the order's payment arrives, under an id of its own if none is given."""
        self._events += 1
        assert order.payment is not None
        raw, headers = self.gateway.webhook(
            *facts, event_id=event_id or f"event-{self._events}", payment_ref=payment_ref or order.payment.ref
        )
        await self.billing.receive_webhook()(gateway="memory", raw=raw, headers=headers)

    async def settle(self, order: PlacedOrder, *facts: PaymentFact) -> OrderState:
        """A webhook arrives and all webhooks are settled; answers the order's state then."""
        await self.receive(order, *facts)
        await self.drain()
        return (await self.view(order)).state

    async def drain(self) -> int:
        tried: int = await self.billing.drain_inbox()()
        return tried

    async def view(self, order: PlacedOrder, *, user_id: UserId = BUYER) -> OrderView:
        view = await self.queries.order(order.id, user_id=user_id)
        assert view is not None
        return view

    async def open_courses(self, order: PlacedOrder, *, user_id: UserId = BUYER) -> frozenset[CourseId]:
        return await self.grants.enrolled(user_id, [item.course_id for item in order.items])

    async def inbox_states(self) -> list[str]:
        page = await self.queries.webhooks(state=None, before=None, limit=100)
        return sorted(str(webhook.state) for webhook in page.items)


def memory_world(
    gateway: MemoryGateway | None = None, *, terms: Terms = TERMS, with_learning: bool = False
) -> BillingWorld:
    database, queue, clock, ids = MemoryDatabase(), MemoryQueue(), MemoryClock(), MemoryIds()
    learning = Learning(
        MemoryTransaction(database, queue, clock, ids, MemoryLearningRecords),
        MemoryLearningQueries(database),
        clock,
        ids,
    )
    return BillingWorld(
        transaction=MemoryTransaction(database, queue, clock, ids, MemoryBillingRecords),
        audit_transaction=MemoryTransaction(database, queue, clock, ids, MemoryIdentityRecords),
        accounts=MemoryIdentityQueries(database),
        queries=MemoryBillingQueries(database),
        books=MemoryBooks(database),
        checks=MemoryBillingChecks(database),
        inbox=MemoryWebhookInbox(database),
        clock=clock,
        ids=ids,
        queue=queue,
        database=database,
        gateway=gateway,
        terms=terms,
        learning=learning if with_learning else None,
    )


def item(
    *, item_id: int = 11, price: Money = PRICE, course_id: int = 21, instructor_id: UserId = INSTRUCTOR
) -> OrderItem:
    return priced_item(
        item_id=OrderItemId(UUID(int=item_id)),
        course_id=CourseId(UUID(int=course_id)),
        instructor_id=instructor_id,
        slug=f"course-{course_id}",
        title=f"Course {course_id}",
        full_price=price,
        terms=Terms(),
    )


def an_order(*items: OrderItem, order_id: int = 1) -> Order:
    return place(order_id=OrderId(UUID(int=order_id)), user_id=BUYER, items=items or (item(),), gateway="memory", at=AT)


def fact(
    kind: FactKind,
    object_id: str,
    money: Money = PRICE,
    *,
    of: str = "cap",
    at: datetime = AT,
    item_ids: tuple[OrderItemId, ...] = (),
) -> PaymentFact:
    return PaymentFact(kind=kind, object_id=object_id, capture_id=of, money=money, occurred_at=at, item_ids=item_ids)


def captured(money: Money = PRICE, *, object_id: str = "cap", at: datetime = AT) -> PaymentFact:
    return fact(FactKind.CAPTURED, object_id, money, of=object_id, at=at)


def reversed_capture(money: Money = PRICE, *, object_id: str = "cap") -> PaymentFact:
    return fact(FactKind.CAPTURE_REVERSED, object_id, money, of=object_id)


def failed() -> PaymentFact:
    return fact(FactKind.FAILED, "try", of="")


def refund(
    money: Money = PRICE, *, object_id: str = "re", of: str = "cap", item_ids: tuple[OrderItemId, ...] = ()
) -> PaymentFact:
    return fact(FactKind.REFUND, object_id, money, of=of, item_ids=item_ids)


def failed_refund(money: Money = PRICE, *, object_id: str = "re", of: str = "cap") -> PaymentFact:
    return fact(FactKind.REFUND_FAILED, object_id, money, of=of)


def balances(transactions: Collection[LedgerTransaction]) -> Mapping[tuple[str, str], int]:
    """What each account holds in each currency; accounts that hold nothing are left out."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for transaction in transactions:
        for entry in transaction.entries:
            sums[entry.account, entry.money.currency] += entry.money.amount_minor
    return {account: amount for account, amount in sums.items() if amount}
