import type { Money } from '@/lib/money'
import type { Lesson, Progress, Section } from './types'

/** How much lower the price is than the list price, in whole percent; null where it is not lower. */
export function reduction(price: Money, listPrice: Money | null): number | null {
  if (listPrice === null || listPrice.amount_minor <= price.amount_minor) return null
  // Never more than it is, and a free course is all of it.
  return Math.floor((1 - price.amount_minor / listPrice.amount_minor) * 100)
}

export const allLessons = (curriculum: readonly Section[]): Lesson[] => curriculum.flatMap(({ lessons }) => lessons)

/** A video that is on its way has no length yet. */
export const isReady = ({ kind, duration_ms }: Lesson) => kind !== 'video' || duration_ms !== null

/** A lesson that whoever asks may look into: a video rather than a text. */
export function lessonToPreview(curriculum: readonly Section[]): Lesson | undefined {
  const open = allLessons(curriculum).filter((lesson) => lesson.preview && !lesson.locked && isReady(lesson))
  return open.find(({ kind }) => kind === 'video') ?? open[0]
}

/** The lesson to go on with: the first that was begun and is not complete, else the first not complete, else the first. */
export function lessonToGoOn(curriculum: readonly Section[], progress: Progress | null): Lesson | undefined {
  const lessons = allLessons(curriculum)
  const done = new Map(progress?.lessons.map((each) => [each.id, each]))
  const open = lessons.filter(({ id }) => !done.get(id)?.completed_at)
  return open.find(({ id }) => (done.get(id)?.position_ms ?? 0) > 0) ?? open[0] ?? lessons[0]
}

export const lengthOf = ({ lessons }: Section) => lessons.reduce((sum, { duration_ms }) => sum + (duration_ms ?? 0), 0)

/** Of a name of one or several words, for the round mark beside it: MT of Mei Tanaka, 김 of 김하나. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const [first = '', last = ''] = [words[0], words.length > 1 ? words.at(-1) : '']
  return ([...first].slice(0, 1).join('') + [...last].slice(0, 1).join('')).toUpperCase()
}

/** What share of all reviews gives each rating, 5 first: whole percent, and the count. */
export function shares(histogram: Readonly<Record<string, number>>) {
  const ratings = [5, 4, 3, 2, 1]
  const total = ratings.reduce((sum, rating) => sum + (histogram[rating] ?? 0), 0)
  return ratings.map((rating) => {
    const count = histogram[rating] ?? 0
    return { rating, count, percent: total === 0 ? 0 : Math.round((count / total) * 100) }
  })
}
