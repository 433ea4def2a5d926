import type { Metadata } from 'next'
import { Profile } from '@/components/account/profile'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('settings')
  return { title: t('profile.name') }
}

export default async function ProfilePage() {
  const t = await getTranslations('settings')
  return (
    <>
      <header>
        <h1 className="text-3xl font-extrabold">{t('profile.name')}</h1>
        <p className="mt-1.5 text-muted">{t('profile.text')}</p>
      </header>
      <Profile />
    </>
  )
}
