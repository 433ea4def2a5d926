import { describe, expect, test } from 'vitest'
import { nextPath, signInPath, signUpPath } from './next-path'

describe('nextPath', () => {
  test.each(['/', '/orders', '/learn/python/1?t=5000#notes', '/courses/%ED%8C%8C%EC%9D%B4%EC%8D%AC', '/a?b=//c'])(
    'goes on to %s',
    (path) => {
      expect(nextPath(path)).toBe(path)
    },
  )

  test.each([
    'https://evil.test/',
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    '\t//evil.test',
    ' //evil.test',
    '/.//evil.test',
    '/x/..//evil.test',
    'evil.test',
    'javascript:alert(1)',
    'data:text/html,x',
    '/\\/evil.test',
    '//',
    '',
    undefined,
    null,
    ['/orders', '//evil.test'],
  ])('stays at home for %j', (asked) => {
    expect(nextPath(asked)).toBe('/')
  })

  test('leads nowhere else once a browser has read it', () => {
    for (const asked of ['/@evil.test', '/%2F/evil.test', '/%5cevil.test', '/:80//evil.test', '/?//evil.test'])
      expect(new URL(nextPath(asked), 'https://kosu.test').origin).toBe('https://kosu.test')
  })
})

test('whoever comes in is led back, query included', () => {
  expect(signInPath('/learn/a/b?t=1')).toBe('/sign-in?next=%2Flearn%2Fa%2Fb%3Ft%3D1')
  expect(signUpPath('/studio')).toBe('/sign-up?next=%2Fstudio')
  expect(signInPath('/')).toBe('/sign-in')
})

test('the ways in lead to where they would have led, not to one another', () => {
  expect(signInPath('/sign-up?next=%2Fstudio')).toBe('/sign-in?next=%2Fstudio')
  expect(signUpPath('/sign-in?next=//evil.test')).toBe('/sign-up')
  expect(signInPath('/reset')).toBe('/sign-in')
})
