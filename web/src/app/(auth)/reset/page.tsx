import type { Metadata } from 'next'
import { AuthCard } from '@/components/auth/auth-card'
import { ResetPassword } from '@/components/auth/reset-password'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth')
  return { title: t('reset.title') }
}

export default async function ResetPage() {
  const t = await getTranslations('auth')
  return (
    <AuthCard title={t('reset.title')}>
      <ResetPassword />
    </AuthCard>
  )
}
