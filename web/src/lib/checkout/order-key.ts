import { Problem } from '../api/problem'
import type { components } from '../api/schema'

type NewOrder = components['schemas']['NewOrder']
type Keys = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const nameOf = (order: NewOrder) =>
  `kosu.order_key:${JSON.stringify([order.course_ids, order.coupon_code ?? null, order.gateway])}`

/**
 * The Idempotency-Key of an order that is about to be placed: the same for the same order until it was answered, over
 * retries and reloads of the page, so that a lost answer does not become a second order.
 */
export function orderKey(order: NewOrder, keys: Keys): string {
  const kept = keys.getItem(nameOf(order))
  if (kept) return kept
  const made = crypto.randomUUID()
  keys.setItem(nameOf(order), made)
  return made
}

/** To be called with every answer: what was placed or refused for good is another order when it is asked for again. */
export function settleOrderKey(order: NewOrder, keys: Keys, problem?: unknown) {
  if (problem === undefined || isFinal(problem)) keys.removeItem(nameOf(order))
}

// Whether it was placed is not known where no answer came, and 401 and 429 say: once more, a little later.
const isFinal = (problem: unknown) =>
  problem instanceof Problem && problem.status >= 400 && problem.status < 500 && ![401, 429].includes(problem.status)
