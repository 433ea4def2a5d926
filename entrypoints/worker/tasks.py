"""Which use case does which job. One job has exactly one doer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from entrypoints.worker.sweep import SweepOutbox, sweep_outbox
from kosu.container import Container
from kosu.ids import AssetId, PaymentId, RunId
from kosu.modules.billing.domain.refunds import RefundId
from kosu.modules.billing.jobs import (
    AskAboutPayment,
    AskAboutPayments,
    ConfirmPayment,
    DeliverSandboxEvents,
    DrainInbox,
    ExpireOrders,
    PurgePayloads,
    ReconcilePayments,
    SendRefund,
)
from kosu.modules.identity.jobs import EraseAccounts, PurgeIdentity, SendEmailVerification, SendPasswordReset
from kosu.modules.learning.jobs import FlushProgress
from kosu.modules.media.jobs import (
    DropRevisions,
    EncodeChunks,
    ExpireUploads,
    ProcessRun,
    PublishCaptions,
    ReconcileRuns,
)
from kosu.ports.messages import Job

Doer: TypeAlias = Callable[[Any], Awaitable[object]]


def tasks(container: Container) -> dict[type[Job], Doer]:
    """Doers take the job itself."""
    identity = container.identity
    media = container.media
    billing = container.billing
    learning = container.learning
    return {
        SendPasswordReset: identity.mail_password_reset(),
        SendEmailVerification: identity.mail_email_verification(),
        EraseAccounts: lambda _: identity.erase_closed_accounts()(),
        PurgeIdentity: lambda _: identity.purge_old_rows()(),
        SweepOutbox: sweep_outbox(container),
        ProcessRun: lambda job: media.process_run()(run_id=RunId(job.run_id)),
        EncodeChunks: lambda job: media.encode_chunks()(run_id=RunId(job.run_id)),
        PublishCaptions: lambda job: media.publish_captions()(asset_id=AssetId(job.asset_id)),
        ReconcileRuns: lambda _: media.reconcile_runs()(),
        ExpireUploads: lambda _: media.expire_uploads()(),
        DropRevisions: lambda _: media.drop_revisions()(),
        DrainInbox: lambda _: billing.drain_inbox()(),
        ExpireOrders: lambda _: billing.expire_orders()(),
        ConfirmPayment: lambda job: billing.confirm_payment()(
            gateway=job.gateway, payment_ref=job.payment_ref, answers=job.answers
        ),
        AskAboutPayment: lambda job: billing.ask_about_payment()(payment_id=PaymentId(job.payment_id)),
        AskAboutPayments: lambda _: billing.ask_about_payments()(),
        ReconcilePayments: lambda _: billing.reconcile_payments()(),
        PurgePayloads: lambda _: billing.purge_payloads()(),
        SendRefund: lambda job: billing.send_refund()(refund_id=RefundId(job.refund_id)),
        DeliverSandboxEvents: lambda job: billing.send_sandbox_events()(
            payment_ref=job.payment_ref, action=job.action, at=job.at
        ),
        FlushProgress: lambda _: learning.flush_progress()(),
    }
