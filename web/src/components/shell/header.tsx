import { cookies } from 'next/headers'
import Link from 'next/link'
import { buttonStyles } from '@/components/ui/button'
import { getTranslations } from '@/i18n/server'
import { signedInCookie } from '@/lib/api/marks'
import { cn } from '@/lib/cn'
import type { Theme } from '@/lib/theme'
import { AccountMenu } from './account-menu'
import { Logo } from './logo'
import { SearchBox } from './search-box'
import { SignInLink } from './sign-in-link'
import { SiteMenu } from './site-menu'

export async function Header({ theme }: { theme: Theme }) {
  const t = await getTranslations('common')
  const signedIn = (await cookies()).has(signedInCookie)
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-paper/90 backdrop-blur">
      <div className="mx-auto flex h-16 max-w-6xl items-center gap-3 px-5 md:gap-6">
        <Logo />
        <nav aria-label={t('mainNavigation')} className="hidden gap-1 text-[0.9375rem] font-medium md:flex">
          {[
            ['/explore', t('explore')] as const,
            ['/collections', t('collections')] as const,
            ['/studio', t('teach')] as const,
          ].map(([href, name]) => (
            <Link key={href} href={href} prefetch={false} className="rounded-full px-3 py-2 hover:bg-ink/7">
              {name}
            </Link>
          ))}
        </nav>
        <SearchBox className="ml-auto hidden w-64 lg:block" />
        <div className="ml-auto flex items-center gap-2 lg:ml-0">
          {signedIn ? (
            <AccountMenu />
          ) : (
            <>
              <SignInLink className={cn(buttonStyles({ tone: 'ghost', size: 'sm' }), 'hidden sm:inline-flex')} />
              <Link href="/sign-up" prefetch={false} className={buttonStyles({ tone: 'ink', size: 'sm' })}>
                {t('signUp')}
              </Link>
            </>
          )}
          <SiteMenu chosenTheme={theme} />
        </div>
      </div>
    </header>
  )
}
