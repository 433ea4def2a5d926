import type { components } from '../api/schema'

export type Order = components['schemas']['OrderView']
export type OrderSummary = components['schemas']['OrderSummary']
export type OrderState = components['schemas']['OrderState']

/** What an order means for its buyer: colours and icons go by it. */
export const meaningOf: Record<OrderState, 'waiting' | 'good' | 'bad' | 'over'> = {
  pending: 'waiting',
  review: 'waiting',
  paid: 'good',
  partially_refunded: 'good',
  disputed: 'good',
  failed: 'bad',
  charged_back: 'bad',
  refunded: 'over',
  expired: 'over',
  cancelled: 'over',
}

/** Whether its courses are open by it. An order that is refunded in part may have lost some of them. */
export const givesAccess = (state: OrderState) => ['paid', 'partially_refunded', 'disputed'].includes(state)

/** Whether money came, so that there is a receipt. */
export const hasReceipt = ({ state, total }: Pick<Order, 'state' | 'total'>) =>
  total.amount_minor > 0 && ['paid', 'partially_refunded', 'refunded', 'disputed', 'charged_back'].includes(state)

const FIRST_MS = 1000
const PENDING_AT_MOST_MS = 10_000
const REVIEW_MS = 30_000

/**
 * After how many ms to ask for an order again; false where nothing more is to come by itself. While a payment is
 * awaited quickly at first, since most are told within seconds, then ever more slowly.
 *
 * @param asked how often it was asked for so far
 */
export function nextAskMs(state: OrderState | undefined, asked: number): number | false {
  switch (state) {
    case 'pending':
      return Math.min(FIRST_MS * 1.4 ** Math.max(0, asked - 3), PENDING_AT_MOST_MS)
    case 'failed': // the buyer may still pay at the gateway
      return PENDING_AT_MOST_MS
    case 'review':
      return REVIEW_MS
    default:
      return false
  }
}
