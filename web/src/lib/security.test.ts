import { expect, test } from 'vitest'
import { securityHeaders, securityPolicy } from './security'

const directives = (policy: string) =>
  Object.fromEntries(policy.split('; ').map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)]))

test('scripts are the own files and what carries the nonce', () => {
  expect(directives(securityPolicy('n0nce', {}))['script-src']).toEqual(["'self'", "'nonce-n0nce'"])
})

test('nothing is loaded from elsewhere but media, and nothing sent elsewhere but uploads', () => {
  const policy = securityPolicy('n', { upload: 'https://store.test', media: 'https://media.test' })
  expect(directives(policy)['connect-src']).toEqual(["'self'", 'https://store.test', 'https://media.test'])
  for (const name of ['img-src', 'media-src']) expect(directives(policy)[name]).toContain('https://media.test')
  expect(policy.match(/https:\/\/store\.test/g)).toHaveLength(1)
  expect(policy).not.toContain('*')
  expect(securityPolicy('n', {})).not.toContain('undefined')
})

test('nobody frames a page, and no base or plugin turns it', () => {
  const policy = directives(securityPolicy('n', {}))
  for (const name of ['frame-ancestors', 'base-uri', 'object-src']) expect(policy[name]).toEqual(["'none'"])
})

test('https is asked for where there is https', () => {
  expect(securityPolicy('n', {}, { https: true })).toContain('upgrade-insecure-requests')
  expect(securityPolicy('n', {})).not.toContain('upgrade-insecure-requests')
  expect(securityHeaders({ https: true })).toHaveProperty('strict-transport-security')
  expect(securityHeaders()).not.toHaveProperty('strict-transport-security')
})

test('what development needs is for development alone', () => {
  expect(securityPolicy('n', {})).not.toContain('unsafe-eval')
  expect(securityPolicy('n', {}, { dev: true })).toContain('unsafe-eval')
})
