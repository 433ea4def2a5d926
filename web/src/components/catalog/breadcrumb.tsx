import { clsx } from 'clsx'
import Link from 'next/link'
import { getTranslations } from '@/i18n/server'

type Props = { trail: readonly { href: string; words: string }[]; className?: string }

/** The way to the pages above this one. */
export async function Breadcrumb({ trail, className }: Props) {
  const t = await getTranslations('catalog')
  return (
    <nav aria-label={t('breadcrumb')} className={clsx('text-sm', className)}>
      <ol className="flex flex-wrap gap-2">
        {trail.map(({ href, words }, place) => (
          <li key={href} className="flex gap-2">
            {place > 0 && <span aria-hidden>/</span>}
            <Link href={href} className="underline-offset-4 hover:underline">
              {words}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  )
}
