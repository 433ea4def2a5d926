import type { Metadata } from 'next'
import { CourseDetails } from '@/components/studio/course-details'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('studio')
  return { title: t('tabs.details') }
}

export default async function DetailsPage({ params }: PageProps<'/studio/courses/[id]'>) {
  return <CourseDetails id={(await params).id} />
}
