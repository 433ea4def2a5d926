import { describe, expect, test } from 'vitest'
import { formatMoney, parseMoney } from './money'

describe('formatMoney', () => {
  test.each([
    [{ amount_minor: 49000, currency: 'KRW' }, 'ko', '₩49,000'],
    [{ amount_minor: 4900, currency: 'USD' }, 'en', '$49'],
    [{ amount_minor: 4950, currency: 'USD' }, 'en', '$49.50'],
    [{ amount_minor: -4950, currency: 'USD' }, 'en', '-$49.50'],
    [{ amount_minor: 0, currency: 'JPY' }, 'en', '¥0'],
  ])('%o in %s', (money, locale, text) => {
    expect(formatMoney(money, locale)).toBe(text)
  })
})

describe('parseMoney', () => {
  test.each([
    ['49,000', 'KRW', 49000],
    ['₩ 49000', 'KRW', 49000],
    ['49.5', 'USD', 4950],
    ['49', 'USD', 4900],
    ['0', 'USD', 0],
  ])('%s %s', (typed, currency, amount_minor) => {
    expect(parseMoney(typed, currency)).toEqual({ amount_minor, currency })
  })

  test.each([
    ['', 'KRW'],
    ['49.5', 'KRW'],
    ['49.505', 'USD'],
    ['-1', 'USD'],
    ['1e9', 'USD'],
    ['99999999999999999999', 'KRW'],
    ['free', 'USD'],
  ])('%s %s is no amount', (typed, currency) => {
    expect(parseMoney(typed, currency)).toBeNull()
  })
})
