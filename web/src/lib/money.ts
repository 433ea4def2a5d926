import type { components } from './api/schema'

export type Money = components['schemas']['Money']

const digits = (currency: string) =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/** The amount in the currency's major unit: 49.00 of 4900 cents, 49000 of 49000 won. */
export const majorUnits = ({ amount_minor, currency }: Money) => amount_minor / 10 ** digits(currency)

/** What a person typed, in the currency's major unit. Null where it is no amount. */
export function parseMoney(typed: string, currency: string): Money | null {
  const cleaned = typed.replaceAll(/[\s,₩$€¥]/g, '')
  if (!/^\d+(\.\d+)?$/.test(cleaned)) return null
  const [whole = '', fraction = ''] = cleaned.split('.')
  const places = digits(currency)
  if (fraction.length > places) return null
  const minor = Number(whole + fraction.padEnd(places, '0'))
  return Number.isSafeInteger(minor) ? { amount_minor: minor, currency } : null
}

/** ₩49,000, $49 or $49.50; whole amounts go without a fraction. */
export function formatMoney(money: Money, locale: string): string {
  const major = majorUnits(money)
  const whole = Number.isInteger(major)
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: money.currency,
    currencyDisplay: 'narrowSymbol',
    ...(whole ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {}),
  }).format(major)
}
