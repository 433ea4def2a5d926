import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Breadcrumb } from '@/components/catalog/breadcrumb'
import { ListFilters } from '@/components/catalog/list-filters'
import { Results } from '@/components/catalog/results'
import { getTranslations } from '@/i18n/server'
import { cursorOf, filtersOf, type Query } from '@/lib/catalog/filters'
import { readCategories } from '@/lib/catalog/server'

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Query> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations('catalog')
  const { slug, name } = await category((await params).slug)
  return {
    title: name,
    description: t('categoryText', { name }),
    alternates: { canonical: `/categories/${slug}` },
  }
}

export default async function CategoryPage({ params, searchParams }: Props) {
  const t = await getTranslations('catalog')
  const { slug, name } = await category((await params).slug)
  const query = await searchParams
  const filters = filtersOf({ ...query, category: undefined })
  const path = `/categories/${slug}`
  return (
    <div className="mx-auto max-w-6xl px-5 pt-8 md:pt-12">
      <Breadcrumb trail={[{ href: '/explore', words: t('exploreCrumb') }]} className="text-muted" />
      <h1 className="mt-3 text-3xl font-extrabold sm:text-4xl">{name}</h1>
      <div className="mt-6 mb-6">
        <ListFilters path={path} filters={filters} />
      </div>
      <Results path={path} filters={filters} within={{ category: slug }} cursor={cursorOf(query)} />
    </div>
  )
}

async function category(slug: string) {
  const found = (await readCategories()).find((each) => each.slug === slug)
  return found ?? notFound()
}
