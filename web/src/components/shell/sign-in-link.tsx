'use client'
import Link from 'next/link'
import { usePathname, useSearchParams } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { signInPath } from '@/lib/auth/next-path'

/** Leads to the sign-in page, and from there back to where it stands: to the same moment, page or filter. */
export function SignInLink({ className }: { className: string }) {
  const t = useTranslations('common')
  const [pathname, search] = [usePathname(), useSearchParams().toString()]
  return (
    <Link href={signInPath(search ? `${pathname}?${search}` : pathname)} prefetch={false} className={className}>
      {t('signIn')}
    </Link>
  )
}
