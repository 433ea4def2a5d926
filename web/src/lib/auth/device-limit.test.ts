import { expect, test } from 'vitest'
import { Problem } from '../api/problem'
import { deviceLimitOf } from './device-limit'

const told = { ticket: 't', limit: 2, sessions: [] }

test('a refusal at the limit offers the devices', () => {
  expect(deviceLimitOf(new Problem('device_limit', 409, '', [], told))).toEqual(told)
})

test('any other refusal offers none', () => {
  expect(deviceLimitOf(new Problem('invalid_credentials', 401, '', [], told))).toBeNull()
  expect(deviceLimitOf(new Problem('device_limit', 409, ''))).toBeNull()
})
