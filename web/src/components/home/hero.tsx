import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import { buttonStyles } from '@/components/ui/button'
import { getTranslations } from '@/i18n/server'
import { NoteMotif } from './note-motif'

export async function Hero() {
  const t = await getTranslations('catalog')
  return (
    <section className="mx-auto grid max-w-6xl items-center gap-10 px-5 pt-10 pb-4 md:grid-cols-[1.1fr_1fr] md:pt-16">
      <div>
        <h1 className="text-[2.5rem] leading-[1.08] font-extrabold tracking-tight sm:text-5xl lg:text-6xl">
          {t('hero.title')}
        </h1>
        <p className="mt-5 max-w-md text-lg leading-relaxed text-muted">{t('hero.text')}</p>
        <div className="mt-7 flex flex-wrap gap-3">
          <Link href="/explore" prefetch={false} className={buttonStyles({ size: 'lg' })}>
            {t('hero.explore')}
            <ArrowRight className="size-5" aria-hidden />
          </Link>
          <Link href="/explore?price=free" prefetch={false} className={buttonStyles({ tone: 'outline', size: 'lg' })}>
            {t('hero.free')}
          </Link>
        </div>
      </div>
      <NoteMotif />
    </section>
  )
}
