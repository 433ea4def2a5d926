import type { Metadata } from 'next'
import { Orders } from '@/components/console/orders'
import { Titled } from '@/components/console/titled'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('console')
  return { title: t('orders') }
}

export default function Page() {
  return (
    <Titled title="orders">
      <Orders />
    </Titled>
  )
}
