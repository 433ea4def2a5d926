"""Wires billing's use cases."""

from __future__ import annotations

from collections.abc import Mapping

from dependency_injector import containers, providers

from kosu.modules.billing.asking import Asking
from kosu.modules.billing.domain.pricing import Terms
from kosu.modules.billing.domain.receipts import Seller
from kosu.modules.billing.ports import (
    BillingQueries,
    BillingRecords,
    EnrolmentGrants,
    PaymentGateway,
    SandboxDelivery,
    WebhookInbox,
)
from kosu.modules.billing.ports.books import BillingChecks, Books
from kosu.modules.billing.pricing import Pricing
from kosu.modules.billing.reception import Reception
from kosu.modules.billing.settlement import Settlement
from kosu.modules.billing.use_cases.act_in_sandbox import ActInSandbox
from kosu.modules.billing.use_cases.ask_about_payment import AskAboutPayment
from kosu.modules.billing.use_cases.ask_about_payments import AskAboutPayments
from kosu.modules.billing.use_cases.cancel_order import CancelOrder
from kosu.modules.billing.use_cases.confirm_payment import ConfirmPayment
from kosu.modules.billing.use_cases.drain_inbox import DrainInbox
from kosu.modules.billing.use_cases.examine_books import ExamineBooks
from kosu.modules.billing.use_cases.expire_orders import ExpireOrders
from kosu.modules.billing.use_cases.issue_receipt import IssueReceipt
from kosu.modules.billing.use_cases.mail_receipt import MailReceipt
from kosu.modules.billing.use_cases.manage_coupons import ArchiveCoupon, ChangeCoupon, CreateCoupon
from kosu.modules.billing.use_cases.operate_webhooks import IgnoreWebhook, PreviewReplay, ReadWebhook, ReplayWebhook
from kosu.modules.billing.use_cases.place_order import PlaceOrder
from kosu.modules.billing.use_cases.purge_payloads import PurgePayloads
from kosu.modules.billing.use_cases.quote_courses import QuoteCourses
from kosu.modules.billing.use_cases.read_receipt import ReadReceipt
from kosu.modules.billing.use_cases.receive_webhook import ReceiveWebhook
from kosu.modules.billing.use_cases.reconcile_payments import ReconcilePayments
from kosu.modules.billing.use_cases.request_refund import RequestRefund
from kosu.modules.billing.use_cases.return_from_checkout import ReturnFromCheckout
from kosu.modules.billing.use_cases.send_refund import SendRefund
from kosu.modules.billing.use_cases.send_sandbox_events import SendSandboxEvents
from kosu.modules.billing.use_cases.settle_webhook import SettleWebhook
from kosu.modules.billing.use_cases.watch_books import FindOrders, InspectOrder, ReadBalances, ReadLedger
from kosu.modules.catalog import Catalog
from kosu.modules.identity import AuditLog, Identity, Notifications
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.queue import Queue
from kosu.ports.throttle import Throttle
from kosu.ports.unit_of_work import Transaction


class BillingContainer(containers.DeclarativeContainer):
    clock: providers.Provider[Clock] = providers.Dependency()
    ids: providers.Provider[IdSource] = providers.Dependency()
    queue: providers.Provider[Queue] = providers.Dependency()
    transaction: providers.Provider[Transaction[BillingRecords]] = providers.Dependency()
    queries: providers.Provider[BillingQueries] = providers.Dependency()
    inbox: providers.Provider[WebhookInbox] = providers.Dependency()
    catalog: providers.Provider[Catalog] = providers.Dependency()
    grants: providers.Provider[EnrolmentGrants] = providers.Dependency()
    audit: providers.Provider[AuditLog] = providers.Dependency()
    throttle: providers.Provider[Throttle] = providers.Dependency()
    terms: providers.Provider[Terms] = providers.Dependency()
    identity: providers.Provider[Identity] = providers.Dependency()
    notifications: providers.Provider[Notifications] = providers.Dependency()
    books: providers.Provider[Books] = providers.Dependency()
    checks: providers.Provider[BillingChecks] = providers.Dependency()
    seller: providers.Provider[Seller] = providers.Dependency()
    # By name; a gateway whose secret is not set is not among them.
    gateways: providers.Provider[Mapping[str, PaymentGateway]] = providers.Dependency()
    # None where the sandbox is off.
    sandbox_delivery: providers.Provider[SandboxDelivery | None] = providers.Dependency()

    pricing = providers.Singleton(Pricing, catalog=catalog, transaction=transaction, clock=clock, ids=ids, terms=terms)
    settlement = providers.Singleton(Settlement, grants=grants)
    reception = providers.Singleton(Reception, inbox=inbox, queue=queue)
    asking = providers.Singleton(
        Asking, transaction=transaction, gateways=gateways, reception=reception, clock=clock, ids=ids
    )

    quote_courses = providers.Singleton(QuoteCourses, pricing=pricing, gateways=gateways)
    place_order = providers.Singleton(
        PlaceOrder,
        transaction=transaction,
        pricing=pricing,
        settlement=settlement,
        grants=grants,
        gateways=gateways,
        clock=clock,
        ids=ids,
    )
    cancel_order = providers.Singleton(CancelOrder, transaction=transaction, clock=clock)
    expire_orders = providers.Singleton(ExpireOrders, transaction=transaction, clock=clock)
    receive_webhook = providers.Singleton(
        ReceiveWebhook,
        gateways=gateways,
        reception=reception,
        transaction=transaction,
        throttle=throttle,
        clock=clock,
        ids=ids,
    )
    settle_webhook = providers.Singleton(
        SettleWebhook, transaction=transaction, settlement=settlement, gateways=gateways, clock=clock
    )
    drain_inbox = providers.Singleton(DrainInbox, inbox=inbox, settle=settle_webhook, clock=clock)
    request_refund = providers.Singleton(RequestRefund, transaction=transaction, audit=audit, clock=clock, ids=ids)
    read_webhook = providers.Singleton(ReadWebhook, transaction=transaction, audit=audit, clock=clock)
    preview_replay = providers.Singleton(PreviewReplay, transaction=transaction, gateways=gateways, clock=clock)
    replay_webhook = providers.Singleton(ReplayWebhook, transaction=transaction, audit=audit, clock=clock)
    ignore_webhook = providers.Singleton(IgnoreWebhook, transaction=transaction, audit=audit, clock=clock)
    create_coupon = providers.Singleton(CreateCoupon, transaction=transaction, audit=audit, clock=clock, ids=ids)
    change_coupon = providers.Singleton(ChangeCoupon, transaction=transaction, audit=audit, clock=clock)
    archive_coupon = providers.Singleton(ArchiveCoupon, transaction=transaction, audit=audit, clock=clock)
    send_refund = providers.Singleton(SendRefund, transaction=transaction, gateways=gateways)
    return_from_checkout = providers.Singleton(
        ReturnFromCheckout, transaction=transaction, throttle=throttle, clock=clock
    )
    confirm_payment = providers.Singleton(ConfirmPayment, transaction=transaction, asking=asking)
    ask_about_payment = providers.Singleton(AskAboutPayment, transaction=transaction, asking=asking)
    ask_about_payments = providers.Singleton(AskAboutPayments, transaction=transaction, asking=asking, clock=clock)
    reconcile_payments = providers.Singleton(
        ReconcilePayments, transaction=transaction, gateways=gateways, asking=asking, clock=clock
    )
    act_in_sandbox = providers.Singleton(ActInSandbox, transaction=transaction, gateways=gateways, clock=clock)
    send_sandbox_events = providers.Singleton(SendSandboxEvents, transaction=transaction, delivery=sandbox_delivery)

    issue_receipt = providers.Singleton(IssueReceipt, transaction=transaction, clock=clock)
    mail_receipt = providers.Singleton(MailReceipt, transaction=transaction, notifications=notifications)
    read_receipt = providers.Singleton(
        ReadReceipt, transaction=transaction, issue=issue_receipt, identity=identity, seller=seller
    )
    examine_books = providers.Singleton(ExamineBooks, transaction=transaction, checks=checks, audit=audit, clock=clock)
    find_orders = providers.Singleton(FindOrders, transaction=transaction, books=books, audit=audit, clock=clock)
    inspect_order = providers.Singleton(InspectOrder, transaction=transaction, books=books, audit=audit, clock=clock)
    read_ledger = providers.Singleton(ReadLedger, transaction=transaction, books=books, audit=audit, clock=clock)
    read_balances = providers.Singleton(ReadBalances, transaction=transaction, books=books, audit=audit, clock=clock)
    purge_payloads = providers.Singleton(PurgePayloads, inbox=inbox, clock=clock)
