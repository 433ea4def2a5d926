import type { Metadata } from 'next'
import { AuthCard } from '@/components/auth/auth-card'
import { Unsubscribe } from '@/components/auth/unsubscribe'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth')
  return { title: t('unsubscribe.title') }
}

export default async function UnsubscribePage() {
  const t = await getTranslations('auth')
  return (
    <AuthCard title={t('unsubscribe.title')}>
      <Unsubscribe />
    </AuthCard>
  )
}
