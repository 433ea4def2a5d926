import type { components } from '@/lib/api/schema'
import { majorUnits, parseMoney, type Money } from '@/lib/money'
import type { StudioCourse } from './queries'

/** What a form holds of a course: texts as they are typed. */
export type CourseDraft = {
  title: string
  subtitle: string
  description: string
  category: string
  level: StudioCourse['level']
  language: string
  currency: string
  price: string
  listPrice: string
  outcomes: string[]
}

export const currencies = ['KRW', 'USD', 'EUR', 'JPY'] as const
export const levels = ['beginner', 'intermediate', 'advanced', 'all_levels'] as const
export const languages = ['ko', 'en', 'ja', 'zh', 'es', 'de', 'fr', 'pt', 'vi', 'id', 'th'] as const

const typed = (money: Money) => String(majorUnits(money))

export const draftOf = (course: StudioCourse): CourseDraft => ({
  title: course.title,
  subtitle: course.subtitle,
  description: course.description,
  category: course.category,
  level: course.level,
  language: course.language,
  currency: course.price.currency,
  price: typed(course.price),
  listPrice: course.list_price ? typed(course.list_price) : '',
  outcomes: course.outcomes,
})

export const emptyDraft = (locale: string, category: string): CourseDraft => ({
  title: '',
  subtitle: '',
  description: '',
  category,
  level: 'beginner',
  language: locale,
  currency: locale === 'ko' ? 'KRW' : 'USD',
  price: '',
  listPrice: '',
  outcomes: [],
})

export type Priced = { price: Money | null; listPrice: Money | null | 'invalid' }

/** The amounts that were typed; a price that is none is null, and an empty price before a reduction means none. */
export function pricesOf({ price, listPrice, currency }: CourseDraft): Priced {
  const before = listPrice.trim()
  return {
    price: parseMoney(price, currency),
    listPrice: before === '' ? null : (parseMoney(before, currency) ?? 'invalid'),
  }
}

/** As the API takes it; null where a price is none. */
export function bodyOf(draft: CourseDraft): components['schemas']['NewCourse'] | null {
  const { price, listPrice } = pricesOf(draft)
  if (price === null || listPrice === 'invalid') return null
  return {
    title: draft.title.trim(),
    subtitle: draft.subtitle.trim(),
    description: draft.description,
    category: draft.category,
    level: draft.level,
    language: draft.language,
    price,
    list_price: listPrice,
    outcomes: draft.outcomes.map((outcome) => outcome.trim()).filter(Boolean),
  }
}
