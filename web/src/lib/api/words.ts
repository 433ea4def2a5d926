'use client'
import { useTranslations } from 'use-intl'
import { Problem } from './problem'

/** What to tell a person about anything that was thrown: `const explain = useProblemWords()`. */
export function useProblemWords() {
  const t = useTranslations('problems')
  return (problem: unknown): string => {
    if (!(problem instanceof Problem)) return t('unforeseen')
    if (problem.code === 'rate_limited') return t('rate_limited', { seconds: problem.retryAfterSeconds ?? 60 })
    const code = problem.code as Parameters<typeof t>[0]
    if (t.has(code)) return t(code)
    return problem.status >= 500 ? t('unavailable') : t('unforeseen')
  }
}
