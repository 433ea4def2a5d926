import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { createFormatter, createTranslator } from 'use-intl/core'
import { isLocale, localeCookie, preferredLocale, type Locale } from './locales'
import { messages } from './compiled'
import type { Namespace } from './messages'
import { knownTimeZone, timeZoneCookie } from './time-zone'

/** The locale that the visitor chose, else the one that the browser prefers. */
export const getLocale = cache(async (): Promise<Locale> => {
  const chosen = (await cookies()).get(localeCookie)?.value
  return isLocale(chosen) ? chosen : preferredLocale((await headers()).get('accept-language') ?? '')
})

/** The visitor's time zone, in which the server writes dates, too: else hydration would change them. */
export const getTimeZone = cache(async () => knownTimeZone((await cookies()).get(timeZoneCookie)?.value))

/**
 * What a server component says: `const t = await getTranslations('catalog')`. In client components: useTranslations.
 *
 * What stands on a page many times says `use(getTranslations('catalog'))`: it is made once for a request, and a
 * component that waits for nothing is sent within its parent instead of as a part that the browser has to join.
 */
export const getTranslations = cache(async <N extends Namespace>(namespace: N) => {
  const locale = await getLocale()
  return createTranslator({ locale, messages: messages[locale], namespace })
})

/** Numbers, dates and durations as the visitor's language writes them. In client components: useFormatter. */
export const getFormatter = cache(async () =>
  createFormatter({ locale: await getLocale(), timeZone: await getTimeZone() }),
)
