import { expect, test } from 'vitest'
import { mayBeComplete, withSeen, type CourseProgress } from './progress'

const lesson = (id: string, percent: number, completed_at: string | null = null) => ({
  id,
  percent,
  position_ms: 0,
  furthest_ms: 0,
  completed_at,
})
const course = (...lessons: CourseProgress['lessons']): CourseProgress => ({ percent: 0, lessons })

test('every lesson counts alike, a complete one in full', () => {
  const known = course(lesson('a', 90, '2026-01-01T00:00:00Z'), lesson('b', 0), lesson('c', 0))
  const seen = withSeen(known, 'b', 50)
  expect(seen.lessons.map(({ percent }) => percent)).toEqual([90, 50, 0])
  expect(seen.percent).toBe(50)
})

test('what was seen elsewhere stays seen', () => {
  const known = course(lesson('a', 70))
  expect(withSeen(known, 'a', 10).lessons[0]?.percent).toBe(70)
  expect(withSeen(known, 'another', 10)).toEqual({ ...known, percent: 70 })
  expect(withSeen(course(), 'a', 10).percent).toBe(0)
})

test('the API is asked again once nearly all of a lesson was seen, until it says that it is complete', () => {
  expect(mayBeComplete(course(lesson('a', 89)), 'a')).toBe(false)
  expect(mayBeComplete(course(lesson('a', 90)), 'a')).toBe(true)
  expect(mayBeComplete(course(lesson('a', 90, '2026-01-01T00:00:00Z')), 'a')).toBe(false)
})
