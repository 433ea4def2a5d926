'use client'
import { useQuery } from '@tanstack/react-query'
import { SearchX } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { QuoteSums } from '@/components/checkout/quote-sums'
import { QueryTrouble } from '@/components/shell/query-trouble'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { answer, Problem } from '@/lib/api/problem'
import { nextAskMs } from '@/lib/checkout/order-state'
import { OrderActions } from './order-actions'
import { OrderLines } from './order-lines'
import { OrderState } from './order-state'
import { OrderTimeline } from './order-timeline'

/** An order as it stands, and as it changes: a payment shows as soon as the gateway has told of it. */
export function OrderPage({ id }: { id: string }) {
  const t = useTranslations('checkout')
  const order = useQuery({
    queryKey: ['orders', id],
    queryFn: () => answer(api.GET('/api/v1/orders/{order_id}', { params: { path: { order_id: id } } })),
    refetchInterval: ({ state }) => nextAskMs(state.data?.state, state.dataUpdateCount),
  })

  if (order.error instanceof Problem && order.error.status === 404)
    return (
      <Blank
        icon={SearchX}
        heading="h1"
        title={t('noOrder')}
        action={
          <Link href="/orders" className={buttonStyles()}>
            {t('orders.title')}
          </Link>
        }
      >
        {t('noOrderText')}
      </Blank>
    )
  return (
    <div className="mx-auto max-w-3xl px-5 py-8 md:py-12">
      {order.data ? (
        <div className="grid gap-6">
          <OrderState order={order.data}>
            <OrderActions order={order.data} />
          </OrderState>
          <div className="grid items-start gap-6 md:grid-cols-2">
            <section className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-6">
              <h2 className="text-lg font-bold">{t('yourOrder')}</h2>
              <OrderLines lines={order.data.items} />
              <hr className="my-4 border-line" />
              <QuoteSums
                lines={order.data.items}
                discounts={order.data.discounts}
                tax={order.data.tax}
                total={order.data.total}
              />
            </section>
            <section className="rounded-card border border-line bg-surface p-5 shadow-card sm:p-6">
              <h2 className="text-lg font-bold">{t('timeline.title')}</h2>
              <OrderTimeline order={order.data} />
            </section>
          </div>
        </div>
      ) : (
        <>
          <h1 className="sr-only">{t('order')}</h1>
          {order.isError ? (
            <QueryTrouble problem={order.error} onRetry={() => void order.refetch()} />
          ) : (
            <div className="grid gap-6">
              <Skeleton className="h-56 rounded-card" />
              <div className="grid gap-6 md:grid-cols-2">
                <Skeleton className="h-72 rounded-card" />
                <Skeleton className="h-72 rounded-card" />
              </div>
            </div>
          )}
        </>
      )}
    </div>
  )
}
