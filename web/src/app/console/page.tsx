import type { Metadata } from 'next'
import { Overview } from '@/components/console/overview'
import { Titled } from '@/components/console/titled'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('console')
  return { title: t('overview') }
}

export default function Page() {
  return (
    <Titled title="overview">
      <Overview />
    </Titled>
  )
}
