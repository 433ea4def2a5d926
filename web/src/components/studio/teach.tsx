'use client'
import { ChartSpline, Clapperboard, HandCoins } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { buttonStyles } from '@/components/ui/button'
import { signInPath, signUpPath } from '@/lib/auth/next-path'

/** What teaching at Kosu is, and how one comes to it. `email` is the visitor's, null for strangers. */
export function Teach({ email }: { email: string | null }) {
  const t = useTranslations('studio.teach')
  const common = useTranslations('common')
  const reasons = [
    { icon: Clapperboard, title: t('filmTitle'), text: t('filmText') },
    { icon: ChartSpline, title: t('learnTitle'), text: t('learnText') },
    { icon: HandCoins, title: t('earnTitle'), text: t('earnText') },
  ]
  return (
    <div className="mx-auto max-w-6xl px-5 py-12 md:py-16">
      <h1 className="text-4xl font-extrabold md:text-5xl">{t('title')}</h1>
      <p className="mt-4 max-w-2xl text-lg text-pretty text-muted">{t('lead')}</p>
      <ul className="mt-10 grid gap-5 md:grid-cols-3">
        {reasons.map(({ icon: Icon, title, text }) => (
          <li key={title} className="rounded-card border border-line bg-surface p-6 shadow-card">
            <Icon className="size-7 text-accent" aria-hidden />
            <h2 className="mt-4 text-xl font-bold">{title}</h2>
            <p className="mt-2 text-muted">{text}</p>
          </li>
        ))}
      </ul>
      <section className="mt-10 rounded-card bg-raised p-6 md:p-8">
        <h2 className="text-2xl font-bold">{t('how')}</h2>
        <p className="mt-2 max-w-2xl">{email ? t('howSignedIn', { email }) : t('howSignedOut')}</p>
        <div className="mt-6 flex flex-wrap gap-3">
          {email ? (
            <Link href="/explore" className={buttonStyles()}>
              {t('browse')}
            </Link>
          ) : (
            <>
              <Link href={signUpPath('/studio')} className={buttonStyles()}>
                {common('signUp')}
              </Link>
              <Link href={signInPath('/studio')} className={buttonStyles({ tone: 'outline' })}>
                {common('signIn')}
              </Link>
            </>
          )}
        </div>
      </section>
    </div>
  )
}
