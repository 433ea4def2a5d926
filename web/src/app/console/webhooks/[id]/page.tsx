import type { Metadata } from 'next'
import { WebhookTruth } from '@/components/console/webhook'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('console')
  return { title: t('webhook') }
}

export default async function Page({ params }: PageProps<'/console/webhooks/[id]'>) {
  return <WebhookTruth id={(await params).id} />
}
