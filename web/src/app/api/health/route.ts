export const dynamic = 'force-dynamic'

/** This server answers; what it stands on is told by the API's own /health/ready. */
export const GET = () => Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
