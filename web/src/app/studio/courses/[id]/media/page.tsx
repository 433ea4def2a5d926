import type { Metadata } from 'next'
import { CourseMedia } from '@/components/studio/course-media'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('studio')
  return { title: t('tabs.media') }
}

export default async function MediaPage({ params }: PageProps<'/studio/courses/[id]/media'>) {
  return <CourseMedia id={(await params).id} />
}
