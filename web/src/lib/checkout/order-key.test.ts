import { beforeEach, describe, expect, test } from 'vitest'
import { Problem } from '../api/problem'
import { orderKey, settleOrderKey } from './order-key'

const order = { course_ids: ['a'], coupon_code: null, gateway: 'sandbox' }
let kept: Map<string, string>
let keys: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

beforeEach(() => {
  kept = new Map()
  keys = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  }
})

describe('the key of an order', () => {
  test('stays the same until it is answered', () => {
    expect(orderKey(order, keys)).toBe(orderKey({ ...order }, keys))
  })

  test.each([{ course_ids: ['b'] }, { coupon_code: 'WINTER' }, { gateway: 'toss' }])('is another with %j', (change) => {
    expect(orderKey({ ...order, ...change }, keys)).not.toBe(orderKey(order, keys))
  })

  test.each([
    ['network', 0],
    ['unavailable', 503],
    ['internal_error', 500],
    ['rate_limited', 429],
    ['session_expired', 401],
  ])('is kept after %s: the order may have been placed, or will be', (code, status) => {
    const first = orderKey(order, keys)
    settleOrderKey(order, keys, new Problem(code, status, ''))
    expect(orderKey(order, keys)).toBe(first)
  })

  test('is kept after what nobody foresaw', () => {
    const first = orderKey(order, keys)
    settleOrderKey(order, keys, new SyntaxError('not JSON'))
    expect(orderKey(order, keys)).toBe(first)
  })

  test.each([
    ['open_order_exists', 409],
    ['coupon_invalid', 422],
    ['course_not_found', 404],
  ])('ends with %s', (code, status) => {
    const first = orderKey(order, keys)
    settleOrderKey(order, keys, new Problem(code, status, ''))
    expect(orderKey(order, keys)).not.toBe(first)
  })

  test('ends with the order that was placed', () => {
    const first = orderKey(order, keys)
    settleOrderKey(order, keys)
    expect(orderKey(order, keys)).not.toBe(first)
  })
})
