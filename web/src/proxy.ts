import { NextResponse, type NextRequest } from 'next/server'
import { securityHeaders, securityPolicy } from '@/lib/security'

/** Gives every page its policy, with a nonce of its own: Next.js reads it there and marks its scripts with it. */
export function proxy(request: NextRequest) {
  const nonce = btoa(crypto.randomUUID())
  const https = process.env.KOSU_WEB_URL?.startsWith('https:') ?? false
  const policy = securityPolicy(
    nonce,
    { upload: process.env.KOSU_UPLOAD_ORIGIN, media: process.env.KOSU_MEDIA_ORIGIN },
    { https, dev: process.env.NODE_ENV === 'development' },
  )
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  for (const [name, value] of Object.entries(securityHeaders({ https }))) response.headers.set(name, value)
  return response
}

export const config = {
  // Pages alone: what the API and the edge answer says itself what it may do, and files are no documents.
  matcher: ['/((?!api/|media/|_next/|icon.svg|robots.txt|sitemap).*)'],
}
