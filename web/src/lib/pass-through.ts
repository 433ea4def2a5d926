import 'server-only'

// These belong to one connection (RFC 9110, 7.6.1).
const OF_ONE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding', 'te', 'upgrade', 'host']

/**
 * Streams a request to another origin and its answer back. In production the proxy before Next.js does this; on one
 * machine there is none, and rewrites would be fixed when the client is built.
 */
export async function passThrough(request: Request, origin: string): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const headers = new Headers(request.headers)
  for (const name of [...OF_ONE_CONNECTION, 'content-length']) headers.delete(name)
  const init: RequestInit & { duplex: 'half' } = {
    method: request.method,
    headers,
    body: request.body,
    redirect: 'manual',
    cache: 'no-store',
    signal: request.signal,
    duplex: 'half',
  }
  const response = await fetch(origin + pathname + search, init).catch((cause: unknown) => {
    if (request.signal.aborted) throw cause
    return unreachable()
  })
  const answered = new Headers(response.headers)
  for (const name of OF_ONE_CONNECTION) answered.delete(name)
  // fetch has unpacked the body: what told of its packed form no longer holds.
  if (answered.has('content-encoding')) for (const name of ['content-encoding', 'content-length']) answered.delete(name)
  return new Response(response.body, { status: response.status, headers: answered })
}

const unreachable = () =>
  Response.json(
    { type: 'about:blank', title: 'Service Unavailable', status: 503, code: 'unavailable', detail: 'Kosu is away.' },
    { status: 503, headers: { 'content-type': 'application/problem+json', 'retry-after': '2' } },
  )
