import { localeCookie, type Locale } from './locales'

const YEAR_SECONDS = 365 * 24 * 3600

/** Keeps a choice of the visitor's for a year; the server reads it with the next page. */
export function keepChoice(cookie: string, value: string) {
  document.cookie = `${cookie}=${encodeURIComponent(value)}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
}

export const chooseLocale = (locale: Locale) => keepChoice(localeCookie, locale)
