import type { Metadata } from 'next'
import { Webhooks } from '@/components/console/webhooks'
import { Titled } from '@/components/console/titled'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('console')
  return { title: t('webhooks') }
}

export default function Page() {
  return (
    <Titled title="webhooks">
      <Webhooks />
    </Titled>
  )
}
