'use client'
import { useTranslations } from 'use-intl'
import { Problem } from './problem'
import { wordsFor } from './problem-words'

/** What to tell a person about anything that was thrown: `const explain = useProblemWords()`. */
export function useProblemWords() {
  const t = useTranslations('problems')
  type Name = Exclude<Parameters<typeof t>[0], 'rate_limited'>
  return (thrown: unknown): string => {
    if (thrown instanceof Problem && thrown.code === 'rate_limited')
      return t('rate_limited', { seconds: thrown.retryAfterSeconds ?? 60 })
    return t(wordsFor(thrown, (name) => t.has(name as Name)) as Name)
  }
}
