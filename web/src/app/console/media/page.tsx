import type { Metadata } from 'next'
import { MediaRuns } from '@/components/console/media'
import { Titled } from '@/components/console/titled'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('console')
  return { title: t('media') }
}

export default function Page() {
  return (
    <Titled title="media">
      <MediaRuns />
    </Titled>
  )
}
