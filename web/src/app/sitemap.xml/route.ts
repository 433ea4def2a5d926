import { readCategories } from '@/lib/catalog/server'
import { sitemapIndex } from '@/lib/catalog/sitemap'
import { siteAddress, xml } from '@/lib/catalog/site'

export const dynamic = 'force-dynamic'

/** A map of the pages that lead to courses, and a map for the courses of each category. */
export async function GET(request: Request) {
  const parts = ['pages', ...(await readCategories()).map(({ slug }) => slug)]
  return xml(sitemapIndex(parts.map((part) => siteAddress(request, `/sitemaps/${part}.xml`))))
}
