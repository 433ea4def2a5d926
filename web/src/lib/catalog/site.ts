import 'server-only'

/** The whole address of a path, where the site is at home. */
export const siteAddress = (request: Request, path: string) =>
  new URL(path, process.env.KOSU_WEB_URL ?? request.url).href

/** Kept for an hour: search engines come back, and the API is asked for all courses. */
export const xml = (text: string) =>
  new Response(text, { headers: { 'content-type': 'application/xml', 'cache-control': 'public, max-age=3600' } })
