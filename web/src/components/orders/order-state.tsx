'use client'
import { CircleCheck, CircleSlash, CircleX, Hourglass } from 'lucide-react'
import { useFormatter, useTranslations } from 'use-intl'
import { meaningOf, type Order } from '@/lib/checkout/order-state'
import { clsx } from 'clsx'

const looks = {
  waiting: [Hourglass, 'bg-warn-soft text-warn'],
  good: [CircleCheck, 'bg-good-soft text-good'],
  bad: [CircleX, 'bg-bad-soft text-bad'],
  over: [CircleSlash, 'bg-raised text-muted'],
} as const

/** How the order stands and what there is to do; said aloud when it changes. */
export function OrderState({ order, children }: { order: Order; children: React.ReactNode }) {
  const t = useTranslations('checkout')
  const format = useFormatter()
  const [Icon, colours] = looks[meaningOf[order.state]]
  const until = order.state === 'pending' && order.expires_at
  return (
    <section className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-8">
      <div className="flex flex-col gap-4 sm:flex-row sm:gap-5">
        <span className={clsx('grid size-14 shrink-0 place-items-center rounded-full', colours)}>
          <Icon className="size-7" aria-hidden />
        </span>
        <div className="min-w-0 flex-1">
          <p className="text-sm font-semibold text-muted">{t('orderNumber', { number: order.number })}</p>
          <div role="status">
            <h1 className="mt-1 text-2xl font-extrabold sm:text-3xl">{t(`states.${order.state}.title`)}</h1>
            <p className="mt-2 max-w-prose text-muted">
              {t(`states.${order.state}.text`)}
              {until && <> {t('until', { time: format.dateTime(new Date(until), { timeStyle: 'short' }) })}</>}
            </p>
          </div>
          <div className="mt-5 flex flex-wrap items-center gap-3 empty:hidden">{children}</div>
        </div>
      </div>
    </section>
  )
}
