import { getTranslations } from '@/i18n/server'

export default async function Home() {
  const t = await getTranslations('common')
  return <h1 className="mx-auto max-w-6xl px-5 py-16 text-5xl font-extrabold">{t('title')}</h1>
}
