import 'server-only'
import { cookies, headers } from 'next/headers'
import createClient from 'openapi-fetch'
import type { paths } from './schema'

/** Where the API is, seen from this server. */
export const apiOrigin = () => process.env.KOSU_API_ORIGIN ?? 'http://127.0.0.1:8000'

/**
 * The API on behalf of whoever asked for the page, for server components.
 *
 * A visitor whose access token has expired is answered as a stranger: only the browser can renew a session, and does
 * so right after (SessionKeeper), whereupon the page is asked for again.
 */
export async function serverApi() {
  const asked = await headers()
  const passedOn = ['accept-language', 'x-forwarded-for', 'user-agent'].flatMap((name) => {
    const value = asked.get(name)
    return value ? [[name, value] as const] : []
  })
  const cookie = (await cookies()).toString()
  return createClient<paths>({
    baseUrl: apiOrigin(),
    headers: Object.fromEntries(passedOn),
    fetch: async (request: Request) => {
      const asStranger = request.clone()
      if (cookie) request.headers.set('cookie', cookie)
      const response = await fetch(request, { cache: 'no-store' })
      return response.status === 401 && cookie ? fetch(asStranger, { cache: 'no-store' }) : response
    },
  })
}
