import { describe, expect, test } from 'vitest'
import { givesAccess, hasReceipt, nextAskMs } from './order-state'

describe('nextAskMs', () => {
  test('asks each second at first, then ever more slowly, and at least every ten seconds', () => {
    const waits = Array.from({ length: 30 }, (_, asked) => Number(nextAskMs('pending', asked + 1)))
    expect(waits.slice(0, 3)).toEqual([1000, 1000, 1000])
    expect(waits).toEqual(waits.toSorted((one, other) => one - other))
    expect(waits.at(-1)).toBe(10_000)
  })

  test.each(['paid', 'cancelled', 'expired', 'refunded', 'charged_back'] as const)('stops at %s', (state) => {
    expect(nextAskMs(state, 1)).toBe(false)
  })

  test.each(['failed', 'review'] as const)('goes on at %s: a payment may still come', (state) => {
    expect(nextAskMs(state, 1)).toBeGreaterThan(0)
  })

  test('waits for the first answer before it asks again', () => {
    expect(nextAskMs(undefined, 0)).toBe(false)
  })
})

test('only money has a receipt', () => {
  const total = { amount_minor: 49_000, currency: 'KRW' }
  expect(hasReceipt({ state: 'paid', total })).toBe(true)
  expect(hasReceipt({ state: 'paid', total: { ...total, amount_minor: 0 } })).toBe(false)
  expect(hasReceipt({ state: 'pending', total })).toBe(false)
})

test('a disputed order is still open to its buyer, a refunded one is not', () => {
  expect(givesAccess('disputed')).toBe(true)
  expect(givesAccess('refunded')).toBe(false)
})
