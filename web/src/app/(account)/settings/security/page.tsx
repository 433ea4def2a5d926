import type { Metadata } from 'next'
import { ChangePassword } from '@/components/account/change-password'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('settings')
  return { title: t('security.name') }
}

export default async function SecurityPage() {
  const t = await getTranslations('settings')
  return (
    <>
      <header>
        <h1 className="text-3xl font-extrabold">{t('security.name')}</h1>
        <p className="mt-1.5 text-muted">{t('security.text')}</p>
      </header>
      <ChangePassword />
    </>
  )
}
