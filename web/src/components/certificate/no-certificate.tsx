import { SearchX } from 'lucide-react'
import Link from 'next/link'
import { buttonStyles } from '@/components/ui/button'
import { getTranslations } from '@/i18n/server'
import type { Missing } from '@/lib/catalog/certificates'

/** Says why there is nothing to see, and keeps the code for comparison. */
export async function NoCertificate({ code, why }: { code: string; why: Missing }) {
  const t = await getTranslations('certificate')
  return (
    <section className="mx-auto grid max-w-md justify-items-center gap-3 px-5 py-16 text-center">
      <span className="grid size-14 place-items-center rounded-full bg-accent-soft text-accent-strong">
        <SearchX className="size-6" aria-hidden />
      </span>
      <h1 className="text-xl font-bold">{t(`${why}.title`)}</h1>
      <p className="rounded-xl bg-raised px-4 py-2 font-mono break-all">{code}</p>
      <p className="text-muted">{t(`${why}.text`)}</p>
      <Link href="/" className={`${buttonStyles({ tone: 'outline' })} mt-3`}>
        {t('home')}
      </Link>
    </section>
  )
}
