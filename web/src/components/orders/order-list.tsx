'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ChevronRight, ReceiptText } from 'lucide-react'
import Link from 'next/link'
import { useFormatter, useLocale, useTranslations } from 'use-intl'
import { QueryTrouble } from '@/components/shell/query-trouble'
import { Blank } from '@/components/ui/blank'
import { Button, buttonStyles } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { OrderSummary } from '@/lib/checkout/order-state'
import { formatMoney } from '@/lib/money'
import { StateBadge } from './state-badge'

export function OrderList() {
  const t = useTranslations('checkout.orders')
  const common = useTranslations('common')
  const pages = useInfiniteQuery({
    queryKey: ['orders'],
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/me/orders', { params: { query: { cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
  if (pages.isError && !pages.data) return <QueryTrouble problem={pages.error} onRetry={() => void pages.refetch()} />
  if (!pages.data) return <Skeleton className="h-80 rounded-card" />

  const orders = pages.data.pages.flatMap((page) => page.items)
  if (orders.length === 0)
    return (
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
    )
  return (
    <div className="grid gap-5">
      <ul className="divide-y divide-line overflow-hidden rounded-card border border-line bg-surface shadow-card">
        {orders.map((order) => (
          <li key={order.id}>
            <OrderRow order={order} />
          </li>
        ))}
      </ul>
      {pages.isError && <QueryTrouble problem={pages.error} onRetry={() => void pages.fetchNextPage()} />}
      {pages.hasNextPage && !pages.isError && (
        <Button
          tone="outline"
          busy={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
          className="justify-self-center"
        >
          {common('more')}
        </Button>
      )}
    </div>
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
