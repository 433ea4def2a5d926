import type { Metadata } from 'next'
import localFont from 'next/font/local'
import { cookies, headers } from 'next/headers'
import { Footer } from '@/components/shell/footer'
import { Header } from '@/components/shell/header'
import { OfflineBanner } from '@/components/shell/offline-banner'
import { SessionKeeper } from '@/components/shell/session-keeper'
import { getLocale, getTimeZone, getTranslations } from '@/i18n/server'
import { Words } from '@/i18n/words'
import { signedInCookie } from '@/lib/api/marks'
import { isTheme, themeCookie, themeScript } from '@/lib/theme'
import './globals.css'

const figtree = localFont({
  src: '../fonts/figtree-latin-wght-normal.woff2',
  variable: '--font-figtree',
  weight: '300 900',
  display: 'swap',
})
const bricolage = localFont({
  src: '../fonts/bricolage-grotesque-latin-wght-normal.woff2',
  variable: '--font-bricolage',
  weight: '200 800',
  display: 'swap',
})

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('common')
  return {
    metadataBase: process.env.KOSU_WEB_URL ? new URL(process.env.KOSU_WEB_URL) : null,
    title: { default: t('title'), template: '%s | Kosu' },
    description: t('description'),
  }
}

export default async function RootLayout({ children }: { children: React.ReactNode }) {
  const t = await getTranslations('common')
  const jar = await cookies()
  const chosen = jar.get(themeCookie)?.value
  const theme = isTheme(chosen) ? chosen : 'system'
  // The browser drops an access token when it expires.
  const signedIn = jar.has(signedInCookie)
  const stale = signedIn && !jar.has('kosu_at') && !jar.has('__Host-kosu_at')
  return (
    <html
      lang={await getLocale()}
      data-chosen={theme}
      data-theme={theme === 'dark' ? 'dark' : 'light'}
      className={`${figtree.variable} ${bricolage.variable}`}
      suppressHydrationWarning // the script below sets the theme of the system
    >
      <head>
        {/* Browsers hide a nonce from scripts, and so from hydration. */}
        <script
          nonce={(await headers()).get('x-nonce') ?? undefined}
          suppressHydrationWarning
          dangerouslySetInnerHTML={{ __html: themeScript }}
        />
      </head>
      <body className="font-sans">
        <div className="app-root">
          {/* Whose session ends signs in again on the spot, wherever that is. */}
          <Words of={signedIn ? ['common', 'problems', 'auth'] : ['common', 'problems']}>
            <a
              href="#main"
              className="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:rounded-full focus:bg-ink focus:px-4 focus:py-2 focus:text-paper"
            >
              {t('skipToContent')}
            </a>
            <Header theme={theme} />
            <main id="main" tabIndex={-1} className="flex-1 outline-none">
              {children}
            </main>
            <Footer />
            <OfflineBanner />
            <SessionKeeper stale={stale} timeZone={await getTimeZone()} />
          </Words>
        </div>
      </body>
    </html>
  )
}
