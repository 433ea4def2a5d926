import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test, vi } from 'vitest'
import { passThrough } from './pass-through'

vi.mock('server-only', () => ({}))

let server: Server | undefined
afterEach(() => new Promise((closed) => (server ? server.close(closed) : closed(undefined))))

/** The origin of an API that answers like this. */
async function upstream(answers: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  server = createServer(answers)
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const here = (path: string, init?: RequestInit) => new Request(`http://kosu.test${path}`, init)

test('path and query arrive as they were written, and no redirect is followed', async () => {
  const origin = await upstream((request, response) => {
    response.writeHead(303, { location: `${request.method} ${request.url}` }).end()
  })
  const response = await passThrough(here('/api/v1/x%2Fy/%ED%8C%8C?q=a+b%20c&q=', { redirect: 'manual' }), origin)
  expect(response.status).toBe(303)
  expect(response.headers.get('location')).toBe('GET /api/v1/x%2Fy/%ED%8C%8C?q=a+b%20c&q=')
})

test('each cookie is set by itself', async () => {
  const origin = await upstream((_, response) => {
    response.setHeader('set-cookie', ['a=1; Expires=Wed, 25 Nov 2026 10:00:00 GMT', 'b=2; Path=/']).end()
  })
  const { headers } = await passThrough(here('/'), origin)
  expect(headers.getSetCookie()).toEqual(['a=1; Expires=Wed, 25 Nov 2026 10:00:00 GMT', 'b=2; Path=/'])
})

test('what the API judges a browser by arrives, and the host is the own one', async () => {
  let asked: IncomingMessage | undefined
  const origin = await upstream((request, response) => {
    asked = request
    response.end()
  })
  const headers = { cookie: 'kosu_at=t', range: 'bytes=0-9', 'if-none-match': '"e"', host: 'kosu.test' }
  await passThrough(here('/', { headers }), origin)
  expect(asked?.headers).toMatchObject({ cookie: 'kosu_at=t', range: 'bytes=0-9', 'if-none-match': '"e"' })
  expect(`http://${asked?.headers.host}`).toBe(origin)
})

test('bodies come through whole, and a compressed answer is not announced as one', async () => {
  const origin = await upstream((request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' })
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => response.end(gzipSync(Buffer.concat(chunks))))
  })
  const body = 'x'.repeat(300_000)
  const response = await passThrough(here('/', { method: 'PUT', body }), origin)
  expect(response.headers.has('content-encoding')).toBe(false)
  expect(await response.text()).toBe(body)
})

test('an answer streams: its beginning arrives before its end', async () => {
  let end: (() => void) | undefined
  const origin = await upstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: first\n\n')
    end = () => response.end()
  })
  const { body } = await passThrough(here('/'), origin)
  const first = await body?.getReader().read()
  expect(new TextDecoder().decode(first?.value)).toBe('data: first\n\n')
  end?.()
})

test.each([204, 304])('an answer with %i has no body', async (status) => {
  const origin = await upstream((_, response) => void response.writeHead(status, { etag: '"e"' }).end())
  const response = await passThrough(here('/'), origin)
  expect([response.status, await response.text()]).toEqual([status, ''])
})

test('an API that is away is a problem like others, and may be asked again', async () => {
  const response = await passThrough(here('/api/v1/me'), 'http://127.0.0.1:1')
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('2')
  expect(await response.json()).toMatchObject({ code: 'unavailable', status: 503 })
})

test('a browser that leaves takes its request along', async () => {
  const left = new AbortController()
  let gone: Promise<unknown> | undefined
  const origin = await upstream((_, response) => {
    gone = new Promise((closed) => response.on('close', closed))
    left.abort()
  })
  await expect(passThrough(here('/', { signal: left.signal }), origin)).rejects.toMatchObject({ name: 'AbortError' })
  await gone
})
