import type { Metadata } from 'next'
import { Courses } from '@/components/console/courses'
import { Titled } from '@/components/console/titled'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('console')
  return { title: t('courses') }
}

export default function Page() {
  return (
    <Titled title="courses">
      <Courses />
    </Titled>
  )
}
