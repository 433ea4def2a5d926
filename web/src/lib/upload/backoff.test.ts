import { expect, test } from 'vitest'
import { backoffMs, worthAnotherTry } from './backoff'

test('waits grow twofold up to an end, and scatter over their upper half', () => {
  expect([1, 2, 3].map((failures) => backoffMs(failures, 1))).toEqual([500, 1000, 2000])
  expect(backoffMs(1, 0)).toBe(250)
  expect(backoffMs(30, 1)).toBe(20_000)
})

test.each([
  [0, true],
  [403, true],
  [408, true],
  [429, true],
  [503, true],
  [400, false],
  [404, false],
  [413, false],
])('status %i is worth another try: %s', (status, worth) => {
  expect(worthAnotherTry(status)).toBe(worth)
})
