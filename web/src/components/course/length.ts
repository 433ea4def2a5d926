import { getTranslations } from '@/i18n/server'
import { roundedLength } from '@/lib/time'

/** A length as people tell it: 7.5 hours, 12 minutes. */
export async function lengthWords(ms: number): Promise<string> {
  const t = await getTranslations('common')
  const { unit, value } = roundedLength(ms)
  return t(unit, { count: value })
}
