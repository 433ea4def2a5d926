'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { signUpPath } from '@/lib/auth/next-path'
import { SignIn } from './sign-in'

/** The page is loaded anew, so that the server answers it to who has signed in. */
export function SignInPage({ next }: { next: string }) {
  const t = useTranslations('auth')
  return (
    <div className="grid gap-5">
      <SignIn onSignedIn={() => location.assign(next)} />
      <p className="flex flex-wrap justify-between gap-x-6 border-t border-line pt-3 text-[0.9375rem]">
        <Link href="/reset" className="py-2.5 font-semibold text-accent-strong hover:underline">
          {t('forgotPassword')}
        </Link>
        <Link href={signUpPath(next)} className="py-2.5 font-semibold text-accent-strong hover:underline">
          {t('noAccount')}
        </Link>
      </p>
    </div>
  )
}
