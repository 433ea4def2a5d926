import { expect, test } from 'vitest'
import { nextLook } from './polling'

test('looks become seldom while nothing changes', () => {
  expect([0, 1, 2].map((unchanged) => nextLook('processing', unchanged))).toEqual([1000, 1500, 2250])
  expect(nextLook('queued', 50)).toBe(15_000)
})

test.each(['ready', 'failed', 'cancelled'] as const)('nobody looks at what is %s', (state) => {
  expect(nextLook(state, 0)).toBe(false)
})
