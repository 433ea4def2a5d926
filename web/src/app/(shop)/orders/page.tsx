import type { Metadata } from 'next'
import { OrderList } from '@/components/orders/order-list'
import { MembersOnly } from '@/components/shell/members-only'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('checkout')
  return { title: t('orders.title') }
}

export default async function OrdersPage() {
  const t = await getTranslations('checkout')
  return (
    <MembersOnly>
      <div className="mx-auto grid max-w-3xl gap-6 px-5 py-8 md:py-12">
        <h1 className="text-3xl font-extrabold">{t('orders.title')}</h1>
        <OrderList />
      </div>
    </MembersOnly>
  )
}
