import { describe, expect, test } from 'vitest'
import { initials, lengthOf, lessonToGoOn, lessonToPreview, reduction, shares } from './course'
import type { Lesson, Section } from './types'

const lesson = (id: string, more: Partial<Lesson> = {}): Lesson => ({
  id,
  title: id,
  kind: 'video',
  duration_ms: 60_000,
  preview: false,
  locked: true,
  ...more,
})
const section = (...lessons: Lesson[]): Section => ({ section_id: 's', section: 'One', lessons })
const won = (amount_minor: number) => ({ amount_minor, currency: 'KRW' })

test.each([
  [49_000, 79_000, 37],
  [49_000, 49_000, null],
  [0, 10_000, 100],
  [9_999, 10_000, 0],
])('%d of %d is %s percent less', (price, listPrice, percent) => {
  expect(reduction(won(price), won(listPrice))).toBe(percent)
})

test('without a list price nothing is reduced', () => {
  expect(reduction(won(1), null)).toBeNull()
})

describe('lessonToPreview', () => {
  const text = lesson('text', { kind: 'text', preview: true, locked: false })
  const video = lesson('video', { preview: true, locked: false })

  test('is a video where there is one', () => {
    expect(lessonToPreview([section(lesson('a'), text), section(video)])?.id).toBe('video')
  })
  test('else a text', () => {
    expect(lessonToPreview([section(lesson('a'), text)])?.id).toBe('text')
  })
  test('is no video that is on its way', () => {
    expect(lessonToPreview([section({ ...video, duration_ms: null }, text)])?.id).toBe('text')
  })
  test('is none that is locked', () => {
    expect(lessonToPreview([section(lesson('a', { preview: true }))])).toBeUndefined()
  })
})

describe('lessonToGoOn', () => {
  const curriculum = [section(lesson('a'), lesson('b')), section(lesson('c'))]
  const of = (id: string, position_ms: number, completed_at: string | null = null) => ({
    id,
    percent: 0,
    position_ms,
    furthest_ms: position_ms,
    completed_at,
  })

  test.each([
    ['nothing is known', null, 'a'],
    ['nothing was begun', [of('a', 0)], 'a'],
    ['one was begun', [of('a', 0), of('c', 5_000)], 'c'],
    ['the first is complete', [of('a', 60_000, '2026-01-01T00:00:00Z')], 'b'],
    ['all is complete', ['a', 'b', 'c'].map((id) => of(id, 1, '2026-01-01T00:00:00Z')), 'a'],
  ])('where %s', (_, lessons, id) => {
    expect(lessonToGoOn(curriculum, lessons && { percent: 0, lessons })?.id).toBe(id)
  })
  test('is none of a course without lessons', () => {
    expect(lessonToGoOn([], null)).toBeUndefined()
  })
})

test('a section is as long as its videos', () => {
  expect(lengthOf(section(lesson('a'), lesson('b', { duration_ms: null })))).toBe(60_000)
})

test.each([
  ['Mei Tanaka', 'MT'],
  ['김하나', '김'],
  ['  ada  king lovelace ', 'AL'],
  ['', ''],
])('the initials of %s are %s', (name, letters) => {
  expect(initials(name)).toBe(letters)
})

test('shares are of all ratings', () => {
  expect(shares({ '5': 3, '4': 1, '1': 0 })).toEqual([
    { rating: 5, count: 3, percent: 75 },
    { rating: 4, count: 1, percent: 25 },
    { rating: 3, count: 0, percent: 0 },
    { rating: 2, count: 0, percent: 0 },
    { rating: 1, count: 0, percent: 0 },
  ])
  expect(shares({}).map(({ percent }) => percent)).toEqual([0, 0, 0, 0, 0])
})
