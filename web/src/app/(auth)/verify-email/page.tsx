import type { Metadata } from 'next'
import { AuthCard } from '@/components/auth/auth-card'
import { VerifyEmail } from '@/components/auth/verify-email'
import { getTranslations } from '@/i18n/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth')
  return { title: t('verify.title') }
}

export default async function VerifyEmailPage() {
  const t = await getTranslations('auth')
  return (
    <AuthCard title={t('verify.title')}>
      <VerifyEmail />
    </AuthCard>
  )
}
