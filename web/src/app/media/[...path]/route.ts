import { passThrough } from '@/lib/pass-through'

export const dynamic = 'force-dynamic'

const pass = (request: Request) => passThrough(request, process.env.KOSU_EDGE_ORIGIN ?? 'http://127.0.0.1:8001')

export { pass as GET, pass as HEAD }
