export const locales = ['en', 'ko'] as const
export type Locale = (typeof locales)[number]
export const defaultLocale: Locale = 'en'
export const localeCookie = 'kosu_locale'

export const isLocale = (value: string | undefined): value is Locale => locales.some((locale) => locale === value)

/** The locale of an Accept-Language header (RFC 9110, 12.5.4) that weighs most and that there is, else the default. */
export function preferredLocale(acceptLanguage: string): Locale {
  const ranges = acceptLanguage.split(',').map((range) => {
    const [tag = '', ...parameters] = range.trim().split(';')
    const weight = parameters.map((each) => each.trim()).find((each) => each.startsWith('q='))
    return { language: tag.trim().toLowerCase().split('-')[0], quality: weight ? Number(weight.slice(2)) || 0 : 1 }
  })
  ranges.sort((one, other) => other.quality - one.quality)
  return (
    ranges
      .filter(({ quality }) => quality > 0)
      .map(({ language }) => language)
      .find(isLocale) ?? defaultLocale
  )
}
