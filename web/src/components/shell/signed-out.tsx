'use client'
import { LogIn } from 'lucide-react'
import Link from 'next/link'
import { usePathname, useSearchParams } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { signInPath } from '@/lib/auth/next-path'

/** What a page shows to who is not signed in; signing in leads back to it. */
export function SignedOut() {
  const t = useTranslations('common')
  const [pathname, search] = [usePathname(), useSearchParams().toString()]
  return (
    <Blank
      icon={LogIn}
      heading="h1"
      title={t('signedOutTitle')}
      action={
        <Link href={signInPath(search ? `${pathname}?${search}` : pathname)} className={buttonStyles()}>
          {t('signIn')}
        </Link>
      }
    >
      {t('signedOutText')}
    </Blank>
  )
}
