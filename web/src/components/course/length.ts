import type { getTranslations } from '@/i18n/server'
import { roundedLength } from '@/lib/time'

type Words = Awaited<ReturnType<typeof getTranslations<'common'>>>

/** A length as people tell it: 7.5 hours, 12 minutes. `t` is of 'common'. */
export function lengthWords(t: Words, ms: number): string {
  const { unit, value } = roundedLength(ms)
  return t(unit, { count: value })
}
