import { expect, test } from 'vitest'
import { measured, secondsLeft, standingStill } from './speed'

test('the first look tells the speed, later ones smooth it', () => {
  const first = measured(standingStill(0, 0), 1000, 1000)
  expect(first.bytesPerSecond).toBe(1000)
  expect(measured(first, 2000, 3000).bytesPerSecond).toBe(1300)
})

test('looks that follow too soon change nothing', () => {
  const still = standingStill(0, 0)
  expect(measured(still, 499, 9000)).toBe(still)
})

test('a part that is sent anew does not run backwards', () => {
  expect(measured(standingStill(0, 5000), 1000, 1000).bytesPerSecond).toBe(0)
})

test('nobody can tell before there is a speed', () => {
  expect(secondsLeft(standingStill(0, 0), 0, 100)).toBeNull()
  expect(secondsLeft({ at: 0, sent: 0, bytesPerSecond: 40 }, 10, 100)).toBe(3)
  expect(secondsLeft({ at: 0, sent: 0, bytesPerSecond: 0 }, 10, 100)).toBeNull()
})
