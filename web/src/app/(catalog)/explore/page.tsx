import type { Metadata } from 'next'
import { CategoryChips } from '@/components/catalog/category-chips'
import { ListFilters } from '@/components/catalog/list-filters'
import { Results } from '@/components/catalog/results'
import { SearchBox } from '@/components/shell/search-box'
import { getTranslations } from '@/i18n/server'
import { addressOf, cursorOf, filtersOf, type Query } from '@/lib/catalog/filters'
import { readCategories } from '@/lib/catalog/server'

type Props = { searchParams: Promise<Query> }

const PATH = '/explore'

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const [t, filters] = [await getTranslations('catalog'), filtersOf(await searchParams)]
  return {
    title: filters.q ? t('searchTitle', { q: filters.q }) : t('exploreTitle'),
    description: t('exploreText'),
    alternates: { canonical: addressOf(PATH, { category: filters.category }) },
    // What somebody looked for is no page of its own.
    robots: filters.q ? { index: false } : undefined,
  }
}

export default async function Explore({ searchParams }: Props) {
  const t = await getTranslations('catalog')
  const query = await searchParams
  const filters = filtersOf(query)
  const categories = await readCategories()
  return (
    <div className="mx-auto max-w-6xl px-5 pt-8 md:pt-12">
      <h1 className="text-3xl font-extrabold sm:text-4xl">
        {filters.q ? t('searchTitle', { q: filters.q }) : t('exploreTitle')}
      </h1>
      {!filters.q && <p className="mt-2 max-w-2xl text-lg text-muted">{t('exploreText')}</p>}
      <SearchBox large className="mt-6 lg:hidden" />
      <div className="mt-6 mb-6 grid gap-3 *:min-w-0">
        <CategoryChips path={PATH} filters={filters} categories={categories} />
        <ListFilters path={PATH} filters={filters} />
      </div>
      <Results path={PATH} filters={filters} cursor={cursorOf(query)} />
    </div>
  )
}
