/** What a list of courses is asked for, as it stands in the page's address. */

export const levels = ['beginner', 'intermediate', 'advanced', 'all_levels'] as const
export const prices = ['free', 'paid'] as const
export const sorts = ['popular', 'newest', 'rating', 'price'] as const
/** The languages that courses are taught in, offered as a choice. */
export const languages = ['ko', 'en'] as const

export type Filters = {
  q?: string
  category?: string
  collection?: string
  level?: (typeof levels)[number]
  language?: string
  price?: (typeof prices)[number]
  sort?: (typeof sorts)[number]
}
/** As Next.js hands the query of an address to a page. */
export type Query = Record<string, string | string[] | undefined>

const MAX_CHARACTERS = 200

/** The filters of an address; what makes no sense there is left out. */
export function filtersOf(query: Query): Filters {
  const text = (name: string) => {
    const value = query[name]
    const first = (Array.isArray(value) ? value[0] : value)?.trim().slice(0, MAX_CHARACTERS)
    return first || undefined
  }
  const oneOf = <T extends string>(name: string, known: readonly T[]) => known.find((each) => each === text(name))
  const language = text('language')
  return withoutEmpty({
    q: text('q'),
    category: text('category'),
    level: oneOf('level', levels),
    language: language && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(language) ? language : undefined,
    price: oneOf('price', prices),
    sort: oneOf('sort', sorts),
  })
}

export const cursorOf = ({ cursor }: Query) => (typeof cursor === 'string' && cursor ? cursor : undefined)

/** The address of a list: /explore?q=python&level=beginner. */
export function addressOf(path: string, filters: Filters, cursor?: string | null): string {
  const query = new URLSearchParams(Object.entries(withoutEmpty({ ...filters, cursor })) as [string, string][])
  return query.size > 0 ? `${path}?${query}` : path
}

/** How many of the filters narrow the list; the order and the words that are looked for do not count. */
export const narrowing = ({ category, level, language, price }: Filters) =>
  [category, level, language, price].filter(Boolean).length

function withoutEmpty<T extends Record<string, unknown>>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value)) as Partial<T>
}
