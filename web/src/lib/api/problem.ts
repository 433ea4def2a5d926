import type { components } from './schema'

/** What the API says went wrong (RFC 9457), and what the network did. */
export class Problem extends Error {
  constructor(
    /** Stable, snake_case; `network` where no answer came. */
    readonly code: string,
    readonly status: number,
    detail: string,
    /** What is wrong with which field of the body that was sent. */
    readonly fields: readonly { field: string; message: string }[] = [],
    /** Whatever else the answer holds, such as the order of `open_order_exists`. */
    readonly extensions: Readonly<Record<string, unknown>> = {},
    /** Of Retry-After. */
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(detail)
    this.name = 'Problem'
  }
}

type Answered = components['schemas']['Problem']

/** The problem that an answer tells. Never fails: an answer that is no problem document is one by its status. */
export function problemOf(response: Response, body: unknown): Problem {
  const told = (typeof body === 'object' && body !== null ? body : {}) as Partial<Answered> & Record<string, unknown>
  const retryAfter = Number(response.headers.get('retry-after'))
  return new Problem(
    typeof told.code === 'string' ? told.code : response.status >= 500 ? 'unavailable' : 'invalid',
    response.status,
    typeof told.detail === 'string' ? told.detail : response.statusText,
    Array.isArray(told.errors) ? told.errors : [],
    told,
    Number.isFinite(retryAfter) && response.headers.has('retry-after') ? retryAfter : null,
  )
}

export type Answer<T> = { data?: T; error?: unknown; response: Response }

/**
 * What an API call answers: `const course = await answer(api.GET(…))`.
 *
 * Throws Problem, also where no answer came.
 */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    if (cause instanceof TypeError) throw new Problem('network', 0, cause.message)
    throw cause
  })
  if (!response.ok) throw problemOf(response, error)
  return data as T
}
