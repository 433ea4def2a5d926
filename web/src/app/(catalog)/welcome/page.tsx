import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import Link from 'next/link'
import { InterestForm } from '@/components/home/interest-form'
import { buttonStyles } from '@/components/ui/button'
import { getTranslations } from '@/i18n/server'
import { interestsCookie, interestsOf } from '@/lib/catalog/interests'
import { readCategories } from '@/lib/catalog/server'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('catalog')
  return { title: t('welcome.title'), robots: { index: false } }
}

export default async function Welcome() {
  const t = await getTranslations('catalog')
  const chosen = interestsOf((await cookies()).get(interestsCookie)?.value)
  return (
    <div className="mx-auto max-w-2xl px-5 pt-12 md:pt-20">
      <h1 className="text-3xl font-extrabold sm:text-4xl">{t('welcome.title')}</h1>
      <p className="mt-3 mb-8 text-lg text-muted">{t('welcome.text')}</p>
      <InterestForm categories={await readCategories()} chosen={chosen} />
      <Link href="/" className={`${buttonStyles({ tone: 'ghost' })} mt-3 -ml-5`}>
        {t('welcome.later')}
      </Link>
    </div>
  )
}
