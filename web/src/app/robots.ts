import type { MetadataRoute } from 'next'

// The site's address is known when it runs, and not when it is built.
export const dynamic = 'force-dynamic'

/** What is somebody's own is not for search engines, nor are lists that only order or narrow another. */
export default function robots(): MetadataRoute.Robots {
  const site = process.env.KOSU_WEB_URL
  return {
    rules: {
      userAgent: '*',
      allow: '/',
      disallow: [
        '/api/',
        '/checkout',
        '/console',
        '/learn/',
        '/my-learning',
        '/notes',
        '/orders',
        '/settings/',
        '/studio',
      ],
    },
    ...(site ? { sitemap: new URL('/sitemap.xml', site).href } : {}),
  }
}
