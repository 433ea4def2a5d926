'use client'
import { useFormatter, useLocale, useTranslations } from 'use-intl'
import type { Order } from '@/lib/checkout/order-state'
import { formatMoney } from '@/lib/money'
import { clsx } from 'clsx'

const good = ['captured', 'dispute_won']
const bad = ['failed', 'capture_reversed', 'refund_failed', 'dispute_open', 'dispute_lost']
const colour = (kind: string) => (good.includes(kind) ? 'bg-good' : bad.includes(kind) ? 'bg-bad' : 'bg-muted')

/** What happened to the order, in the order in which it happened, and what is still awaited. */
export function OrderTimeline({ order }: { order: Order }) {
  const t = useTranslations('checkout.timeline')
  const format = useFormatter()
  const locale = useLocale()
  return (
    <ol aria-live="polite" aria-relevant="additions" className="mt-4 ml-1.5 border-l-2 border-line">
      {order.timeline.map((entry, index) => (
        <li key={`${entry.kind}-${entry.at}-${index}`} className="relative pb-5 pl-6 last:pb-0">
          <span
            aria-hidden
            className={clsx('absolute top-1.5 -left-[7px] size-3 rounded-full ring-4 ring-surface', colour(entry.kind))}
          />
          <p className="flex flex-wrap justify-between gap-x-4 font-semibold">
            <span>{t(`kinds.${entry.kind}`)}</span>
            {entry.amount && <span className="tabular-nums">{formatMoney(entry.amount, locale)}</span>}
          </p>
          <time dateTime={entry.at} className="text-sm text-muted">
            {format.dateTime(new Date(entry.at), { dateStyle: 'medium', timeStyle: 'medium' })}
          </time>
        </li>
      ))}
      {order.state === 'pending' && (
        <li className="relative pl-6 text-muted">
          <span aria-hidden className="absolute top-1.5 -left-[7px] size-3 rounded-full bg-warn ring-4 ring-surface">
            <span className="absolute inset-0 animate-ping rounded-full bg-warn motion-reduce:hidden" />
          </span>
          {t('awaited')}
        </li>
      )}
    </ol>
  )
}
