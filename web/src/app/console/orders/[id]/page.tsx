import type { Metadata } from 'next'
import { OrderTruth } from '@/components/console/order'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('console')
  return { title: t('order') }
}

export default async function Page({ params }: PageProps<'/console/orders/[id]'>) {
  return <OrderTruth id={(await params).id} />
}
