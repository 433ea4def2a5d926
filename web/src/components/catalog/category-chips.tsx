import { clsx } from 'clsx'
import Link from 'next/link'
import { getTranslations } from '@/i18n/server'
import { addressOf, type Filters } from '@/lib/catalog/filters'
import type { Category } from '@/lib/catalog/types'

type Props = { path: string; filters: Filters; categories: readonly Category[] }

/** One category or all of them: links, so that each choice has an address. */
export async function CategoryChips({ path, filters, categories }: Props) {
  const t = await getTranslations('catalog')
  const all = [{ slug: undefined, name: t('allCategories') }, ...categories]
  return (
    <nav aria-label={t('filter.category')}>
      <ul className="-mx-5 flex gap-2 overflow-x-auto px-5 py-1 [scrollbar-width:none] sm:mx-0 sm:flex-wrap sm:px-0">
        {all.map(({ slug, name }) => {
          const chosen = filters.category === slug
          return (
            <li key={slug ?? ''} className="shrink-0">
              <Link
                href={addressOf(path, { ...filters, category: slug })}
                scroll={false}
                aria-current={chosen ? 'true' : undefined}
                className={clsx(
                  'inline-flex h-11 items-center rounded-full border px-4 text-sm font-semibold transition-colors',
                  chosen ? 'border-ink bg-ink text-paper' : 'border-line bg-surface hover:border-ink/40',
                )}
              >
                {name}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
