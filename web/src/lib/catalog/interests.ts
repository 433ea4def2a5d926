import type { HomeRow } from './types'

/** What a visitor wants to learn: the slugs of categories, kept on this browser. */
export const interestsCookie = 'kosu_interests'

const MOST = 12

export const writtenInterests = (slugs: Iterable<string>) => [...slugs].join('.')

/** The interests of the cookie; those that are no slug are left out. */
export function interestsOf(cookie: string | undefined): string[] {
  const slugs = (cookie ?? '').split('.').filter((slug) => /^[a-z0-9-]{1,80}$/.test(slug))
  return [...new Set(slugs)].slice(0, MOST)
}

/** The rows in the visitor's order: what was begun, then the categories of interest, then all others as they come. */
export function inOrderOf<T extends HomeRow>(rows: readonly T[], interests: readonly string[]): T[] {
  const rank = (row: HomeRow) => {
    if (row.kind === 'continue_learning') return -1
    const place = row.kind === 'category' ? interests.indexOf(row.category.slug) : -1
    return place < 0 ? interests.length : place
  }
  return rows.toSorted((one, other) => rank(one) - rank(other))
}
