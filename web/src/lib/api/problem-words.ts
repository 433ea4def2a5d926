import { Problem } from './problem'

/**
 * The name of the words for anything that was thrown: of its code with its reason, of its code, or of its kind. `has`
 * says which names have words. The API's own text is never among them: it is for developers, and in English.
 */
export function wordsFor(thrown: unknown, has: (name: string) => boolean): string {
  if (!(thrown instanceof Problem)) return 'unforeseen'
  const { code, extensions, status } = thrown
  // Some codes have a reason, such as coupon_invalid: where there are words for it, they say more.
  const known = [`${code}_${String(extensions.reason)}`, code].find(has)
  if (known) return known
  if (status === 401) return 'sign_in_required'
  return status >= 500 ? 'unavailable' : 'unforeseen'
}
