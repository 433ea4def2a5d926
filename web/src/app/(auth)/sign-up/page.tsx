import type { Metadata } from 'next'
import { AuthCard } from '@/components/auth/auth-card'
import { SignUpForm } from '@/components/auth/sign-up-form'
import { getTranslations } from '@/i18n/server'
import { nextPath } from '@/lib/auth/next-path'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth')
  return { title: t('signUp') }
}

export default async function SignUpPage({ searchParams }: PageProps<'/sign-up'>) {
  const t = await getTranslations('auth')
  const { next } = await searchParams
  return (
    <AuthCard title={t('signUpTitle')} text={t('signUpText')}>
      <SignUpForm next={next ? nextPath(next) : '/welcome'} />
    </AuthCard>
  )
}
