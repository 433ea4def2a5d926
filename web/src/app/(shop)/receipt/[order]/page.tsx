import type { Metadata } from 'next'
import { Receipt } from '@/components/orders/receipt'
import { MembersOnly } from '@/components/shell/members-only'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('checkout')
  return { title: t('receipt.title') }
}

export default async function ReceiptPage({ params }: PageProps<'/receipt/[order]'>) {
  const { order } = await params
  return (
    <MembersOnly>
      <Receipt orderId={order} />
    </MembersOnly>
  )
}
