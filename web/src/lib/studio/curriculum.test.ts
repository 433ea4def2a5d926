import { describe, expect, test } from 'vitest'
import { orderOf, spotOf, stepped, withLessonAt, withSectionAt, type Section } from './curriculum'

const lesson = (id: string) => ({
  id,
  title: id,
  kind: 'video' as const,
  preview: false,
  body: '',
  duration_ms: null,
  media_revision: 0,
})
const curriculum = (...sections: [string, string[]][]): Section[] =>
  sections.map(([id, lessons]) => ({ id, title: id, lessons: lessons.map(lesson) }))
const written = (sections: readonly Section[]) =>
  sections.map(({ id, lessons }) => `${id}:${lessons.map((each) => each.id).join('')}`).join(' ')

const three = curriculum(['A', ['1', '2']], ['B', []], ['C', ['3']])

describe('a lesson', () => {
  test.each([
    ['1', 'A', 1, 'A:21 B: C:3'],
    ['1', 'B', 0, 'A:2 B:1 C:3'],
    ['1', 'C', 9, 'A:2 B: C:31'],
    ['3', 'A', -1, 'A:312 B: C:'],
    ['2', 'A', 1, 'A:12 B: C:3'],
    ['9', 'A', 0, 'A:12 B: C:3'],
    ['1', 'Z', 0, 'A:12 B: C:3'],
  ])('%s goes to %s at %i', (id, sectionId, index, expected) => {
    expect(written(withLessonAt(three, id, { sectionId, index }))).toBe(expected)
  })

  test('steps through every section, empty ones too, and stops at the ends', () => {
    let sections = three
    const stops: string[] = []
    for (let spot = stepped(sections, '1', 1); spot; spot = stepped(sections, '1', 1)) {
      sections = withLessonAt(sections, '1', spot)
      stops.push(written(sections))
    }
    expect(stops).toEqual(['A:21 B: C:3', 'A:2 B:1 C:3', 'A:2 B: C:13', 'A:2 B: C:31'])
    stops.length = 0
    for (let spot = stepped(sections, '1', -1); spot; spot = stepped(sections, '1', -1)) {
      sections = withLessonAt(sections, '1', spot)
      stops.push(written(sections))
    }
    expect(stops).toEqual(['A:2 B: C:13', 'A:2 B:1 C:3', 'A:21 B: C:3', 'A:12 B: C:3'])
  })

  test('is found where it is', () => {
    expect(spotOf(three, '3')).toEqual({ sectionId: 'C', index: 0 })
    expect(spotOf(three, '9')).toBeNull()
    expect(stepped(three, '9', 1)).toBeNull()
  })
})

test('sections move with their lessons', () => {
  expect(written(withSectionAt(three, 'C', 0))).toBe('C:3 A:12 B:')
  expect(written(withSectionAt(three, 'A', 9))).toBe('B: C:3 A:12')
  expect(written(withSectionAt(three, 'Z', 0))).toBe('A:12 B: C:3')
})

test('an order names every section and lesson', () => {
  expect(orderOf(three)).toEqual({
    sections: [
      { id: 'A', lessons: ['1', '2'] },
      { id: 'B', lessons: [] },
      { id: 'C', lessons: ['3'] },
    ],
  })
})
