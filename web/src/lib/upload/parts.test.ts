import { describe, expect, test } from 'vitest'
import { missingParts, partRange, partSize } from './parts'

const plan = { sizeBytes: 25, partSizeBytes: 10, partCount: 3 }

describe('parts', () => {
  test('cover the file from end to end', () => {
    expect([1, 2, 3].map((number) => partRange(plan, number))).toEqual([
      { start: 0, end: 10 },
      { start: 10, end: 20 },
      { start: 20, end: 25 },
    ])
    expect(partSize(plan, 3)).toBe(5)
  })

  test('are missing until they are stored whole', () => {
    expect(missingParts(plan, new Map())).toEqual([1, 2, 3])
    expect(
      missingParts(
        plan,
        new Map([
          [1, 10],
          [3, 4],
        ]),
      ),
    ).toEqual([2, 3])
    expect(
      missingParts(
        plan,
        new Map([
          [1, 10],
          [2, 10],
          [3, 5],
        ]),
      ),
    ).toEqual([])
  })
})
