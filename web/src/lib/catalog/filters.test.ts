import { describe, expect, test } from 'vitest'
import { addressOf, cursorOf, filtersOf, narrowing } from './filters'

describe('filtersOf', () => {
  test('takes what it knows', () => {
    const asked = {
      q: ' python ',
      category: 'design',
      level: 'beginner',
      language: 'ko',
      price: 'free',
      sort: 'rating',
    }
    expect(filtersOf(asked)).toEqual({ ...asked, q: 'python' })
  })

  test.each([
    [{ q: '   ' }],
    [{ level: 'expert' }],
    [{ price: '0' }],
    [{ sort: 'random' }],
    [{ language: 'Korean!' }],
    [{ unknown: 'x' }],
    [{}],
  ])('%o asks for nothing', (query) => {
    expect(filtersOf(query)).toEqual({})
  })

  test('takes the first of several', () => {
    expect(filtersOf({ category: ['design', 'music'] })).toEqual({ category: 'design' })
  })

  test('cuts what is longer than the API takes', () => {
    expect(filtersOf({ q: 'a'.repeat(300) }).q).toHaveLength(200)
  })
})

test.each([
  ['/explore', {}, undefined, '/explore'],
  ['/explore', { q: '파이썬 & data' }, undefined, '/explore?q=%ED%8C%8C%EC%9D%B4%EC%8D%AC+%26+data'],
  ['/categories/design', { level: 'beginner' as const }, 'abc', '/categories/design?level=beginner&cursor=abc'],
])('%s with %o from %s is %s', (path, filters, cursor, address) => {
  expect(addressOf(path, filters, cursor)).toBe(address)
})

test('an address leads back to its filters', () => {
  const filters = { q: 'a+b c', price: 'paid' as const }
  const query = Object.fromEntries(new URL(addressOf('/explore', filters), 'http://kosu.test').searchParams)
  expect(filtersOf(query)).toEqual(filters)
})

test.each([
  [{ cursor: 'abc' }, 'abc'],
  [{ cursor: '' }, undefined],
  [{ cursor: ['a', 'b'] }, undefined],
  [{}, undefined],
])('the cursor of %o is %s', (query, cursor) => {
  expect(cursorOf(query)).toBe(cursor)
})

test('words and order do not narrow', () => {
  expect(narrowing({ q: 'x', sort: 'price' })).toBe(0)
  expect(narrowing({ category: 'design', level: 'advanced', language: 'en', price: 'free' })).toBe(4)
})
