import { expect, test } from 'vitest'
import { optionAfter } from './combobox'

test.each([
  ['ArrowDown', null, 3, 0],
  ['ArrowDown', 1, 3, 2],
  ['ArrowDown', 2, 3, null],
  ['ArrowUp', null, 3, 2],
  ['ArrowUp', 1, 3, 0],
  ['ArrowUp', 0, 3, null],
  ['ArrowDown', null, 0, null],
  ['Home', 1, 3, 1],
])('%s from %s of %d leads to %s', (key, active, count, next) => {
  expect(optionAfter(key, active, count)).toBe(next)
})
