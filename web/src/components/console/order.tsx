'use client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useLocale, useTranslations } from 'use-intl'
import { Loaded } from '@/components/shell/loaded'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { formatMoney, type Money } from '@/lib/money'
import { Action } from './action'
import { Facts, Panel } from './panel'
import { OrderBadge } from './states'
import { When } from './when'

type Order = components['schemas']['OpsOrder']

const refundable = ['paid', 'partially_refunded', 'review']

/** All that is known of one order: what was paid by which gateway's word, what follows from it, and what was booked. */
export function OrderTruth({ id }: { id: string }) {
  const order = useQuery({
    queryKey: ['console', 'order', id],
    queryFn: () => answer(api.GET('/api/v1/ops/orders/{order_id}', { params: { path: { order_id: id } } })),
  })
  return (
    <Loaded query={order} skeleton={<Skeleton className="h-96" />}>
      {(loaded) => <Shown order={loaded} />}
    </Loaded>
  )
}

function Shown({ order }: { order: Order }) {
  const t = useTranslations('console')
  const locale = useLocale()
  const money = (amount: Money) => formatMoney(amount, locale)
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="text-3xl font-bold">{order.number}</h1>
        <OrderBadge state={order.state} />
        {refundable.includes(order.state) && (
          <div className="ml-auto">
            <Action
              name={t('refund')}
              tone="danger"
              question={t('refundQuestion', { amount: money(order.total) })}
              needsReason
              done={t('refundRequested')}
              act={(reason) => refund(order.id, reason)}
            />
          </div>
        )}
      </div>
      <Panel title={t('order')}>
        <Facts
          facts={[
            [t('total'), money(order.total)],
            [t('tax'), money(order.tax)],
            [t('placed'), <When key="placed" at={order.placed_at} />],
            [
              t('buyer'),
              <Link key="buyer" href={`/console/audit?user=${order.user_id}`} className="underline">
                {order.user_id}
              </Link>,
            ],
            [t('courses'), order.items.map((item) => `${item.title} (${money(item.price)})`).join(', ')],
            [t('receipt'), order.receipt_number ?? t('none')],
          ]}
        />
      </Panel>
      <Panel title={t('timeline')}>
        <ol className="grid gap-2 border-l-2 border-line pl-4">
          {order.timeline.map((entry, place) => (
            <li key={place} className="flex flex-wrap gap-x-3">
              <span className="font-medium">{t(`timelineKind.${entry.kind}`)}</span>
              {entry.amount && <span>{money(entry.amount)}</span>}
              <span className="text-muted">
                <When at={entry.at} />
              </span>
            </li>
          ))}
        </ol>
      </Panel>
      <Panel title={t('payments')}>
        {order.payments.length === 0 && <p className="text-muted">{t('none')}</p>}
        {order.payments.map((payment) => (
          <Facts
            key={payment.id}
            facts={[
              [t('gateway'), payment.gateway],
              [t('reference'), payment.ref],
              [t('total'), money(payment.amount)],
              [t('placed'), <When key="at" at={payment.created_at} />],
            ]}
          />
        ))}
        {order.facts.length > 0 && (
          <ul className="mt-4 grid gap-2 border-t border-line pt-4">
            {order.facts.map((fact) => (
              <li key={`${fact.kind} ${fact.object_id}`} className="flex flex-wrap gap-x-3 text-[0.9375rem]">
                <span className="font-medium">{t(`timelineKind.${fact.kind}`)}</span>
                <span>{money(fact.amount)}</span>
                <span className="text-muted [overflow-wrap:anywhere]">{fact.object_id}</span>
                <span className="text-muted">
                  <When at={fact.occurred_at} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </Panel>
      {order.refunds.length > 0 && (
        <Panel title={t('refunds')}>
          <ul className="grid gap-2">
            {order.refunds.map((each) => (
              <li key={each.id} className="flex flex-wrap gap-x-3">
                <span className="font-medium">{money(each.amount)}</span>
                <span>{t(`refundState.${each.state}`)}</span>
                <span className="text-muted">{each.reason}</span>
                <span className="text-muted">
                  <When at={each.requested_at} />
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={t('ledger')}>
        {order.ledger.length === 0 && <p className="text-muted">{t('none')}</p>}
        {order.ledger.map((transaction) => (
          <div key={transaction.source} className="mb-4 last:mb-0">
            <p className="text-sm text-muted [overflow-wrap:anywhere]">
              {transaction.source}, <When at={transaction.posted_at} />
            </p>
            <ul>
              {transaction.entries.map((entry) => (
                <li
                  key={entry.account}
                  className="flex justify-between gap-4 border-b border-line py-1.5 last:border-0"
                >
                  <span className="[overflow-wrap:anywhere]">{entry.account}</span>
                  <span className="tabular-nums">{money(entry.amount)}</span>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </Panel>
    </div>
  )
}

const refund = (order_id: string, reason: string) =>
  answer(
    api.POST('/api/v1/ops/orders/{order_id}/refunds', {
      params: { path: { order_id }, header: { 'Idempotency-Key': crypto.randomUUID() } },
      body: { reason, items: [], amount_minor: null },
    }),
  )
