import { notFound } from 'next/navigation'
import { readCategories, readCollections, readCourses } from '@/lib/catalog/server'
import { siteAddress, xml } from '@/lib/catalog/site'
import { MOST_ADDRESSES, sitemap } from '@/lib/catalog/sitemap'

export const dynamic = 'force-dynamic'

const PAGE = 100

export async function GET(request: Request, { params }: { params: Promise<{ part: string }> }) {
  const part = (await params).part.replace(/\.xml$/, '')
  const paths = part === 'pages' ? await pages() : await coursesOf(part)
  return xml(sitemap(paths.map((path) => siteAddress(request, path))))
}

async function pages() {
  const [categories, collections] = await Promise.all([readCategories(), readCollections()])
  return [
    '/',
    '/explore',
    '/collections',
    ...categories.map(({ slug }) => `/categories/${slug}`),
    ...collections.map(({ slug }) => `/collections/${slug}`),
  ]
}

async function coursesOf(category: string) {
  if (!(await readCategories()).some(({ slug }) => slug === category)) notFound()
  const paths: string[] = []
  let cursor: string | null | undefined
  do {
    const page = await readCourses({ category, sort: 'newest' }, cursor, PAGE)
    paths.push(...page.items.map(({ slug }) => `/courses/${slug}`))
    cursor = page.next_cursor
  } while (cursor && paths.length < MOST_ADDRESSES)
  return paths
}
