'use client'
import Link from 'next/link'
import { useLocale, useTranslations } from 'use-intl'
import { api } from '@/lib/api/client'
import { usePages } from '@/lib/api/pages'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { formatMoney } from '@/lib/money'
import { Filter, useChoice, useParameter } from './filter'
import { List, Row } from './list'
import { Search } from './search'
import { OrderBadge } from './states'
import { When } from './when'

type State = components['schemas']['OrderState']
const states: State[] = [
  'pending',
  'paid',
  'review',
  'disputed',
  'partially_refunded',
  'refunded',
  'charged_back',
  'failed',
  'expired',
  'cancelled',
]

export function Orders() {
  const t = useTranslations('console')
  const locale = useLocale()
  const [q, search] = useParameter('q')
  const [state, choose] = useChoice('state', states)
  const pages = usePages(['console', 'orders', state, q], (cursor) =>
    answer(api.GET('/api/v1/ops/orders', { params: { query: { state, q, cursor } } })),
  )
  return (
    <>
      <Search label={t('searchOrders')} asked={q} onSearch={search} />
      <Filter
        label={t('state')}
        options={states}
        nameOf={(each) => t(`orderState.${each}`)}
        chosen={state}
        onChoose={choose}
      />
      <List label={t('orders')} pages={pages} empty={t('noOrders')} keyOf={(order) => order.id}>
        {(order) => (
          <Row
            title={
              <Link href={`/console/orders/${order.id}`} className="underline-offset-4 hover:underline">
                {order.number}
              </Link>
            }
            badge={<OrderBadge state={order.state} />}
            facts={[
              formatMoney(order.total, locale),
              order.items.map((item) => item.title).join(', '),
              <When key="at" at={order.placed_at} />,
            ]}
          />
        )}
      </List>
    </>
  )
}
