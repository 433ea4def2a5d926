'use client'
import { ChevronRight, ReceiptText } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useLocale, useTranslations } from 'use-intl'
import { Paged } from '@/components/shell/paged'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { usePages } from '@/lib/api/pages'
import { answer } from '@/lib/api/problem'
import type { OrderSummary } from '@/lib/checkout/order-state'
import { formatMoney } from '@/lib/money'
import { StateBadge } from './state-badge'

export function OrderList() {
  const t = useTranslations('checkout.orders')
  const common = useTranslations('common')
  const orders = usePages(['orders'], (cursor, signal) =>
    answer(api.GET('/api/v1/me/orders', { params: { query: { cursor } }, signal })),
  )
  return (
    <Paged
      pages={orders}
      skeleton={<Skeleton className="h-80 rounded-card" />}
      empty={
        <Blank
          icon={ReceiptText}
          title={t('emptyTitle')}
          action={
            <Link href="/explore" className={buttonStyles()}>
              {common('explore')}
            </Link>
          }
        >
          {t('emptyText')}
        </Blank>
      }
    >
      {(items) => (
        <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface shadow-card">
          {items.map((order) => (
            <li key={order.id}>
              <OrderRow order={order} />
            </li>
          ))}
        </ul>
      )}
    </Paged>
  )
}

function OrderRow({ order }: { order: OrderSummary }) {
  const t = useTranslations('checkout')
  const format = useFormatter()
  const locale = useLocale()
  return (
    <Link
      href={`/checkout/${order.id}`}
      className="flex items-center gap-4 p-4 -outline-offset-2 hover:bg-ink/4 sm:px-5"
    >
      <div className="min-w-0 flex-1">
        <p className="font-semibold break-words">{order.items.map(({ title }) => title).join(', ')}</p>
        <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
          <StateBadge state={order.state} />
          <span>{format.dateTime(new Date(order.placed_at), { dateStyle: 'medium' })}</span>
          <span>{t('orderNumber', { number: order.number })}</span>
        </p>
      </div>
      <p className="shrink-0 font-semibold tabular-nums">{formatMoney(order.total, locale)}</p>
      <ChevronRight className="size-5 shrink-0 text-muted" aria-hidden />
    </Link>
  )
}
