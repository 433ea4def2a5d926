import type { Metadata } from 'next'
import { Questions } from '@/components/studio/questions'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('studio')
  return { title: t('qa.title') }
}

export default function QuestionsPage() {
  return <Questions />
}
