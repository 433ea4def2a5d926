'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useLocale, useTranslations } from 'use-intl'
import { Loaded } from '@/components/shell/loaded'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { useProblemWords } from '@/lib/api/words'
import { formatMoney } from '@/lib/money'
import { Action } from './action'
import { Facts, Panel } from './panel'
import { OrderBadge, WebhookBadge } from './states'
import { When } from './when'

type Webhook = components['schemas']['WebhookDetail']
type Diff = components['schemas']['ReplayDiff']

const replay = (webhook_id: string, dry_run: boolean) =>
  answer(api.POST('/api/v1/ops/webhooks/{webhook_id}/replay', { params: { path: { webhook_id }, query: { dry_run } } }))

const ignore = (webhook_id: string, reason: string) =>
  answer(api.POST('/api/v1/ops/webhooks/{webhook_id}/ignore', { params: { path: { webhook_id } }, body: { reason } }))

/** One webhook: what came, what became of it, what replaying it would do, and the replay. */
export function WebhookTruth({ id }: { id: string }) {
  const webhook = useQuery({
    queryKey: ['console', 'webhook', id],
    queryFn: () => answer(api.GET('/api/v1/ops/webhooks/{webhook_id}', { params: { path: { webhook_id: id } } })),
  })
  return (
    <Loaded query={webhook} skeleton={<Skeleton className="h-96" />}>
      {(loaded) => <Shown webhook={loaded} />}
    </Loaded>
  )
}

function Shown({ webhook }: { webhook: Webhook }) {
  const t = useTranslations('console')
  const open = webhook.state === 'dead' || webhook.state === 'failed'
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="text-3xl font-bold [overflow-wrap:anywhere]">{webhook.event_type}</h1>
        <WebhookBadge state={webhook.state} />
      </div>
      <Panel title={t('webhook')}>
        <Facts
          facts={[
            [t('gateway'), webhook.gateway],
            [t('reference'), webhook.payment_ref ?? t('none')],
            [t('received'), <When key="at" at={webhook.received_at} />],
            [t('attemptCount'), webhook.attempts],
            [t('error'), webhook.error_code ?? t('none')],
            [t('dedupKey'), webhook.dedup_key],
          ]}
        />
      </Panel>
      <Replay webhook={webhook} open={open} />
      <Panel title={t('payload')}>
        {webhook.payload_kept ? (
          <pre className="max-h-96 overflow-auto rounded-xl bg-raised p-4 text-sm" tabIndex={0}>
            {JSON.stringify(webhook.payload, null, 2)}
          </pre>
        ) : (
          <p className="text-muted">{t('payloadPurged', { digest: webhook.payload_sha256 })}</p>
        )}
      </Panel>
    </div>
  )
}

function Replay({ webhook, open }: { webhook: Webhook; open: boolean }) {
  const t = useTranslations('console')
  const explain = useProblemWords()
  const rehearsal = useMutation({ mutationFn: () => replay(webhook.id, true) })
  return (
    <Panel title={t('replay')}>
      <p className="mb-4 text-muted">{t('replayText')}</p>
      <div className="flex flex-wrap gap-3">
        <Button tone="outline" busy={rehearsal.isPending} onClick={() => rehearsal.mutate()}>
          {t('dryRun')}
        </Button>
        {open && (
          <>
            <Action
              name={t('replayNow')}
              tone="accent"
              question={t('replayQuestion')}
              done={t('replayed')}
              act={() => replay(webhook.id, false)}
            />
            <Action
              name={t('ignore')}
              question={t('ignoreQuestion')}
              needsReason
              done={t('ignored')}
              act={(reason) => ignore(webhook.id, reason)}
            />
          </>
        )}
      </div>
      <div aria-live="polite" className="mt-4">
        {rehearsal.error && <Notice tone="bad">{explain(rehearsal.error)}</Notice>}
        {rehearsal.data && <Difference diff={rehearsal.data.diff} />}
      </div>
    </Panel>
  )
}

function Difference({ diff }: { diff: Diff }) {
  const t = useTranslations('console')
  const locale = useLocale()
  if (diff.error_code) return <Notice tone="bad">{t('wouldFail', { code: diff.error_code })}</Notice>
  const { facts = [], ledger = [], opened = [], closed = [], refunds = [] } = diff
  const changes = facts.length + ledger.length + opened.length + closed.length + refunds.length
  if (changes === 0 && diff.state_before === diff.state_after) return <Notice>{t('wouldChangeNothing')}</Notice>
  return (
    <div className="grid gap-3 rounded-xl bg-raised p-4">
      <p className="font-semibold">{t('wouldChange')}</p>
      {diff.order_id && (
        <p className="flex flex-wrap items-center gap-2">
          <Link href={`/console/orders/${diff.order_id}`} className="underline">
            {t('order')}
          </Link>
          {diff.state_before && <OrderBadge state={diff.state_before} />}
          <span aria-hidden>→</span>
          {diff.state_after && <OrderBadge state={diff.state_after} />}
        </p>
      )}
      <ul className="grid gap-1 text-[0.9375rem]">
        {facts.map((fact) => (
          <li key={`${fact.kind} ${fact.object_id}`}>
            {t(`timelineKind.${fact.kind}`)}: {formatMoney(fact.amount, locale)}
          </li>
        ))}
        {ledger.map((posting) => (
          <li key={posting.account} className="flex justify-between gap-4">
            <span className="[overflow-wrap:anywhere]">{posting.account}</span>
            <span className="tabular-nums">{formatMoney(posting.amount, locale)}</span>
          </li>
        ))}
        {opened.length > 0 && <li>{t('wouldOpen', { count: opened.length })}</li>}
        {closed.length > 0 && <li>{t('wouldClose', { count: closed.length })}</li>}
        {refunds.map((amount, place) => (
          <li key={place}>{t('wouldRefund', { amount: formatMoney(amount, locale) })}</li>
        ))}
      </ul>
    </div>
  )
}
