import { X } from 'lucide-react'
import Link from 'next/link'
import { getLocale, getTranslations } from '@/i18n/server'
import { addressOf, languages, levels, narrowing, prices, sorts, type Filters } from '@/lib/catalog/filters'
import { FilterBar, type Select } from './filter-bar'

type Props = { path: string; filters: Filters }

/** Level, language, price and order of a list; what is asked for without being offered is offered, too. */
export async function ListFilters({ path, filters }: Props) {
  const [t, names] = [await getTranslations('catalog'), new Intl.DisplayNames(await getLocale(), { type: 'language' })]
  const taught = new Set<string>([...languages, ...(filters.language ? [filters.language] : [])])
  const selects: Select[] = [
    {
      name: 'level',
      label: t('filter.level'),
      choices: [
        { value: '', words: t('filter.anyLevel') },
        ...levels.map((value) => ({ value, words: t(`levels.${value}`) })),
      ],
    },
    {
      name: 'language',
      label: t('filter.language'),
      choices: [
        { value: '', words: t('filter.anyLanguage') },
        ...[...taught].map((value) => ({ value, words: names.of(value) ?? value })),
      ],
    },
    {
      name: 'price',
      label: t('filter.price'),
      choices: [
        { value: '', words: t('filter.anyPrice') },
        ...prices.map((value) => ({ value, words: t(`prices.${value}`) })),
      ],
    },
    {
      name: 'sort',
      label: t('filter.sort'),
      choices: [
        // Without a choice, what is looked for comes by relevance, and else by popularity.
        { value: '', words: filters.q ? t('sorts.relevance') : t('sorts.popular') },
        ...sorts
          .filter((value) => filters.q || value !== 'popular')
          .map((value) => ({ value, words: t(`sorts.${value}`) })),
      ],
    },
  ]
  return (
    <FilterBar path={path} filters={filters} selects={selects}>
      {narrowing({ ...filters, category: undefined }) > 0 && (
        <Link
          href={addressOf(path, { q: filters.q, category: filters.category, sort: filters.sort })}
          scroll={false}
          className="inline-flex h-11 items-center gap-1.5 rounded-full px-3 text-sm font-semibold text-accent hover:text-accent-strong"
        >
          <X className="size-4" aria-hidden />
          {t('filter.clear')}
        </Link>
      )}
    </FilterBar>
  )
}
