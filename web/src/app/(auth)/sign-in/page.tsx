import type { Metadata } from 'next'
import { AuthCard } from '@/components/auth/auth-card'
import { SignInPage } from '@/components/auth/sign-in-page'
import { getTranslations } from '@/i18n/server'
import { nextPath } from '@/lib/auth/next-path'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth')
  return { title: t('signIn') }
}

export default async function SignInRoute({ searchParams }: PageProps<'/sign-in'>) {
  const t = await getTranslations('auth')
  const { next } = await searchParams
  return (
    <AuthCard title={t('signInTitle')} text={t('signInText')}>
      <SignInPage next={nextPath(next)} />
    </AuthCard>
  )
}
