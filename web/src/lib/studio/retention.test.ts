import { expect, test } from 'vitest'
import { curve, retentionPoints, sampled } from './retention'

const lesson = { id: 'l', title: 'A lesson', kind: 'video', duration_ms: 30_000, begun: 8, completed: 2 }

test('a curve tells the share of those who began', () => {
  expect(retentionPoints({ ...lesson, retention: { bucket_ms: 10_000, learners: [8, 4, 1] } })).toEqual([
    { fromMs: 0, learners: 8, percent: 100 },
    { fromMs: 10_000, learners: 4, percent: 50 },
    { fromMs: 20_000, learners: 1, percent: 13 },
  ])
})

test('no share is above the whole, and nobody is no share', () => {
  const [point] = retentionPoints({ ...lesson, begun: 1, retention: { bucket_ms: 1000, learners: [3] } })
  expect(point?.percent).toBe(100)
  expect(retentionPoints({ ...lesson, begun: 0, retention: { bucket_ms: 1000, learners: [0] } })[0]?.percent).toBe(0)
  expect(retentionPoints({ ...lesson, retention: null })).toEqual([])
})

test('samples keep both ends', () => {
  expect(sampled([0, 1, 2, 3, 4, 5, 6], 3)).toEqual([0, 3, 6])
  expect(sampled([0, 1], 3)).toEqual([0, 1])
})

test('the path runs over the whole box', () => {
  expect(curve([100, 50, 0], 200, 100)).toBe('M0 0L100 50L200 100')
  expect(curve([25], 200, 100)).toBe('M0 75L200 75')
  expect(curve([], 200, 100)).toBe('')
})
