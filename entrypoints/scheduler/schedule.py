"""When which job is rung for. Cron expressions have a sixth field for seconds."""

from __future__ import annotations

from entrypoints.worker.sweep import SweepOutbox
from kosu.modules.billing.jobs import AskAboutPayments, DrainInbox, ExpireOrders, PurgePayloads, ReconcilePayments
from kosu.modules.identity.jobs import EraseAccounts, PurgeIdentity
from kosu.modules.learning.jobs import FlushProgress
from kosu.modules.media.jobs import DropRevisions, ExpireUploads, ReconcileRuns
from kosu.ports.messages import Job

SCHEDULE: dict[type[Job], str] = {
    SweepOutbox: "* * * * * */15",
    ReconcileRuns: "* * * * *",
    ExpireUploads: "17 * * * *",
    DropRevisions: "27 * * * *",
    # Webhooks whose ring was lost, whose retry is due or whose worker died.
    DrainInbox: "* * * * * */15",
    ExpireOrders: "* * * * *",
    # Payments of which nothing was heard, and each night all that the gateways list.
    AskAboutPayments: "* * * * * 20",
    ReconcilePayments: "23 2 * * *",
    PurgePayloads: "23 3 * * *",
    EraseAccounts: "11 * * * *",
    PurgeIdentity: "43 3 * * *",
    # What a crash of Redis may lose of watch progress is what came since the last one.
    FlushProgress: "* * * * * */5",
}
