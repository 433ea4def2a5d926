import type { Metadata } from 'next'
import { CourseAnalytics } from '@/components/studio/course-analytics'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('studio')
  return { title: t('tabs.analytics') }
}

export default async function AnalyticsPage({ params }: PageProps<'/studio/courses/[id]/analytics'>) {
  return <CourseAnalytics id={(await params).id} />
}
