import type { Metadata } from 'next'
import { Earnings } from '@/components/studio/earnings'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('studio')
  return { title: t('money.title') }
}

export default function EarningsPage() {
  return <Earnings />
}
