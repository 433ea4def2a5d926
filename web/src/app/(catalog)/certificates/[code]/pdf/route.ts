import { apiOrigin } from '@/lib/api/server'
import { passThrough } from '@/lib/pass-through'

export const dynamic = 'force-dynamic'

/** The certificate in print: browsers that follow a link do not ask the API for a PDF by themselves. */
export async function GET(request: Request, { params }: { params: Promise<{ code: string }> }) {
  const code = encodeURIComponent((await params).code)
  const headers = new Headers(request.headers)
  headers.set('accept', 'application/pdf')
  const asked = new Request(new URL(`/api/v1/certificates/${code}`, request.url), { headers, signal: request.signal })
  const answered = await passThrough(asked, apiOrigin())
  // Why there is none is told by the page.
  return answered.ok ? answered : Response.redirect(new URL(`/certificates/${code}`, request.url), 303)
}
