import type { Metadata } from 'next'
import { NewCourse } from '@/components/studio/new-course'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('studio')
  return { title: t('create.title') }
}

export default function NewCoursePage() {
  return <NewCourse />
}
