'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { buttonStyles } from '@/components/ui/button'
import { givesAccess, hasReceipt, type Order } from '@/lib/checkout/order-state'
import { CancelOrder } from './cancel-order'

const canBeRepeated = ['failed', 'expired', 'cancelled', 'refunded']

export function OrderActions({ order }: { order: Order }) {
  const t = useTranslations('checkout.actions')
  const [first] = order.items
  const isOne = order.items.length === 1
  return (
    <>
      {first && givesAccess(order.state) && (
        <Link href={isOne ? `/courses/${first.slug}` : '/my-learning'} className={buttonStyles({ size: 'lg' })}>
          {isOne ? t('toCourse') : t('toCourses')}
        </Link>
      )}
      {order.checkout_url && ['pending', 'failed'].includes(order.state) && (
        <a href={order.checkout_url} className={buttonStyles({ size: 'lg' })}>
          {order.state === 'pending' ? t('pay') : t('payAgain')}
        </a>
      )}
      {first && isOne && !order.checkout_url && canBeRepeated.includes(order.state) && (
        <Link href={`/checkout?course=${first.course_id}`} className={buttonStyles({ size: 'lg' })}>
          {t('orderAgain')}
        </Link>
      )}
      {hasReceipt(order) && (
        <Link href={`/receipt/${order.id}`} className={buttonStyles({ tone: 'outline', size: 'lg' })}>
          {t('receipt')}
        </Link>
      )}
      {order.state === 'pending' && <CancelOrder order={order} />}
    </>
  )
}
