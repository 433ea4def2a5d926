import type { Metadata } from 'next'
import { OrderPage } from '@/components/orders/order-page'
import { MembersOnly } from '@/components/shell/members-only'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('checkout')
  return { title: t('order') }
}

export default async function CheckoutOrderPage({ params }: PageProps<'/checkout/[order]'>) {
  const { order } = await params
  return (
    <MembersOnly>
      <OrderPage id={order} />
    </MembersOnly>
  )
}
