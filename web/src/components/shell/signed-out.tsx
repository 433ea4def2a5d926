'use client'
import { LogIn } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { SignInLink } from './sign-in-link'

/** What a page shows to who is not signed in; signing in leads back to it. */
export function SignedOut({ heading = 'h1' }: { heading?: 'h1' | 'h2' }) {
  const t = useTranslations('common')
  return (
    <Blank
      icon={LogIn}
      heading={heading}
      title={t('signedOutTitle')}
      action={<SignInLink className={buttonStyles()} />}
    >
      {t('signedOutText')}
    </Blank>
  )
}
