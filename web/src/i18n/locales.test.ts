import { describe, expect, test } from 'vitest'
import { preferredLocale } from './locales'

describe('preferredLocale', () => {
  test.each([
    ['', 'en'],
    ['ko', 'ko'],
    ['ko-KR,ko;q=0.9,en;q=0.8', 'ko'],
    ['en;q=0.8, ko;q=0.9', 'ko'],
    ['fr, ko;q=0.1', 'ko'],
    ['ko;q=0, en;q=0.1', 'en'],
    ['de', 'en'],
    ['KO-kr', 'ko'],
    [';;;,q=,', 'en'],
  ])('%s means %s', (header, locale) => {
    expect(preferredLocale(header)).toBe(locale)
  })
})
