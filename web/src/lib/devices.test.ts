import { expect, test } from 'vitest'
import { deviceKind, isInUse } from './devices'

test.each([
  ['iOS', 'phone'],
  ['Android', 'phone'],
  ['iPadOS', 'tablet'],
  ['Linux', 'computer'],
  ['', 'computer'],
])('%s is a %s', (os, kind) => {
  expect(deviceKind(os)).toBe(kind)
})

test('a device is in use for two minutes after it was seen', () => {
  const seen = '2026-11-25T10:00:00Z'
  expect(isInUse(seen, Date.parse(seen) + 119_000)).toBe(true)
  expect(isInUse(seen, Date.parse(seen) + 120_000)).toBe(false)
})
