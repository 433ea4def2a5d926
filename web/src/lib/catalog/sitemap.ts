/** Maps of the site for search engines. Source: sitemaps.org/protocol.html, at most 50,000 addresses in a map. */
export const MOST_ADDRESSES = 50_000

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
const NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

/** A map of pages. Takes whole addresses. */
export const sitemap = (addresses: readonly string[]) =>
  `${HEAD}<urlset ${NAMESPACE}>${listed('url', addresses.slice(0, MOST_ADDRESSES))}</urlset>\n`

/** A map of maps. */
export const sitemapIndex = (addresses: readonly string[]) =>
  `${HEAD}<sitemapindex ${NAMESPACE}>${listed('sitemap', addresses)}</sitemapindex>\n`

const listed = (element: string, addresses: readonly string[]) =>
  addresses.map((address) => `<${element}><loc>${escaped(address)}</loc></${element}>`).join('')

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
