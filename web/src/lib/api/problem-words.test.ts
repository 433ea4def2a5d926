import { expect, test } from 'vitest'
import en from '@messages/en/problems.json'
import { Problem } from './problem'
import { wordsFor } from './problem-words'

const has = (name: string) => name in en
const words = (code: string, status: number, extensions = {}) =>
  wordsFor(new Problem(code, status, 'For developers.', [], extensions), has)

test('a reason says more than its code', () => {
  expect(words('coupon_invalid', 422, { reason: 'ended' })).toBe('coupon_invalid_ended')
  expect(words('coupon_invalid', 422, { reason: 'something new' })).toBe('coupon_invalid')
})

test.each(['invalid_token', 'token_expired', 'refresh_replayed', 'something_new'])(
  'whoever is signed out by %s is asked to sign in',
  (code) => expect(words(code, 401)).toBe('sign_in_required'),
)

test('what is not known is told by its kind', () => {
  expect(words('something_new', 503)).toBe('unavailable')
  expect(words('something_new', 422)).toBe('unforeseen')
  expect(wordsFor(new TypeError('x is undefined'), has)).toBe('unforeseen')
})
