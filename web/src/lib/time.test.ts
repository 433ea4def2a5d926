import { expect, test } from 'vitest'
import { clock, roundedLength } from './time'

test.each([
  [0, '0:00'],
  [999, '0:00'],
  [62_000, '1:02'],
  [302_999, '5:02'],
  [3_600_000, '1:00:00'],
  [3_902_000, '1:05:02'],
  [-5, '0:00'],
])('%d ms is %s', (ms, text) => {
  expect(clock(ms)).toBe(text)
})

test.each([
  [8_000, { unit: 'seconds', value: 8 }],
  [61_000, { unit: 'minutes', value: 1 }],
  [3_599_000, { unit: 'minutes', value: 60 }],
  [3_600_000, { unit: 'hours', value: 1 }],
  [27_000_000, { unit: 'hours', value: 7.5 }],
])('%d ms is told as %o', (ms, length) => {
  expect(roundedLength(ms)).toEqual(length)
})
