import { expect, test } from 'vitest'
import { tokenIn } from './link-token'

test.each([
  ['#token=a-b_c', '', 'a-b_c'],
  ['', '?token=abc', 'abc'],
  ['#token=first', '?token=second', 'first'],
  ['#token=a%2Bb', '', 'a+b'],
  ['#token=', '', null],
  ['#other=1', '?x=1', null],
  ['', '', null],
])('the token of %s and %s is %s', (hash, search, token) => {
  expect(tokenIn({ hash, search })).toBe(token)
})
