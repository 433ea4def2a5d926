'use client'
import { useTranslations } from 'use-intl'
import { Problem } from './problem'

/** What to tell a person about anything that was thrown: `const explain = useProblemWords()`. */
export function useProblemWords() {
  const t = useTranslations('problems')
  return (problem: unknown): string => {
    if (!(problem instanceof Problem)) return t('unforeseen')
    if (problem.code === 'rate_limited') return t('rate_limited', { seconds: problem.retryAfterSeconds ?? 60 })
    // Some codes have a reason, such as coupon_invalid: where there are words for it, they say more.
    for (const name of [`${problem.code}_${String(problem.extensions.reason)}`, problem.code]) {
      const known = name as Exclude<Parameters<typeof t>[0], 'rate_limited'>
      if (t.has(known)) return t(known)
    }
    if (problem.status === 401) return t('sign_in_required')
    return problem.status >= 500 ? t('unavailable') : t('unforeseen')
  }
}
