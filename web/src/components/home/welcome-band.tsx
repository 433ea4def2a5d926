import { ArrowRight, Sparkles } from 'lucide-react'
import Link from 'next/link'
import { buttonStyles } from '@/components/ui/button'
import { getTranslations } from '@/i18n/server'

/** Asks a learner who has begun nothing what they would like to learn. */
export async function WelcomeBand() {
  const t = await getTranslations('catalog')
  return (
    <section className="mx-auto mt-10 max-w-6xl px-5">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-4 rounded-card border border-line bg-accent-soft p-5 sm:p-6">
        <Sparkles className="size-7 shrink-0 text-accent-strong" aria-hidden />
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-lg font-bold">{t('welcome.band')}</h2>
          <p className="text-muted">{t('welcome.bandText')}</p>
        </div>
        <Link href="/welcome" className={buttonStyles({ tone: 'ink' })}>
          {t('welcome.choose')}
          <ArrowRight className="size-4" aria-hidden />
        </Link>
      </div>
    </section>
  )
}
