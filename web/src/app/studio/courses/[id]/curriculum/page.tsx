import type { Metadata } from 'next'
import { CurriculumEditor } from '@/components/studio/curriculum-editor'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('studio')
  return { title: t('tabs.curriculum') }
}

export default async function CurriculumPage({ params }: PageProps<'/studio/courses/[id]/curriculum'>) {
  return <CurriculumEditor id={(await params).id} />
}
