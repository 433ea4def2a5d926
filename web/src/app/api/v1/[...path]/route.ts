import { apiOrigin } from '@/lib/api/server'
import { passThrough } from '@/lib/pass-through'

export const dynamic = 'force-dynamic'

const pass = (request: Request) => passThrough(request, apiOrigin())

export { pass as DELETE, pass as GET, pass as HEAD, pass as PATCH, pass as POST, pass as PUT }
