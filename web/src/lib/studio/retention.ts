import type { components } from '../api/schema'

type LessonAnalytics = components['schemas']['LessonAnalytics']

/** A point of a retention curve: how many learners saw this part of the lesson, and their share of those who began it. */
export type RetentionPoint = { fromMs: number; learners: number; percent: number }

export function retentionPoints({ begun, retention }: LessonAnalytics): RetentionPoint[] {
  if (!retention) return []
  // Somebody who began elsewhere than at the start may count at a point before the lesson counts as begun.
  const whole = Math.max(begun, ...retention.learners, 1)
  return retention.learners.map((learners, index) => ({
    fromMs: index * retention.bucket_ms,
    learners,
    percent: Math.round((learners / whole) * 100),
  }))
}

/** At most so many of the points, evenly chosen, with the first and the last: for a table that people read. */
export function sampled<T>(points: readonly T[], most: number): T[] {
  if (points.length <= most) return [...points]
  const step = (points.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, index) => points[Math.round(index * step)]).filter(
    (point) => point !== undefined,
  )
}

/** A path through values from 0 to 100, in a box of that size. One value is a level line. */
export function curve(percents: readonly number[], width: number, height: number): string {
  const values = percents.length === 1 ? [percents[0] ?? 0, percents[0] ?? 0] : percents
  const step = width / Math.max(1, values.length - 1)
  const y = (percent: number) => height - (Math.min(100, Math.max(0, percent)) / 100) * height
  return values.map((percent, index) => `${index ? 'L' : 'M'}${round(index * step)} ${round(y(percent))}`).join('')
}

const round = (value: number) => Math.round(value * 10) / 10
