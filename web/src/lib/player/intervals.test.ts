import { expect, test } from 'vitest'
import { percentOf, type Interval } from './intervals'

test.each<[Interval[], number]>([
  [[], 0],
  [[[0, 500]], 50],
  [
    [
      [0, 500],
      [400, 600],
    ],
    60,
  ],
  [[[0, 999]], 99],
  // Of a longer revision.
  [[[900, 5000]], 10],
])('what %j covers of a second', (intervals, percent) => {
  expect(percentOf(1000, intervals)).toBe(percent)
})

test('nothing is covered of a video without length', () => expect(percentOf(0, [[0, 1]])).toBe(0))
