import { expect, test } from 'vitest'
import { inOrderOf, interestsOf, writtenInterests } from './interests'
import type { HomeRow } from './types'

const category = (slug: string): HomeRow => ({ kind: 'category', category: { slug, name: slug }, items: [] })
const rows: HomeRow[] = [
  { kind: 'continue_learning', items: [] },
  { kind: 'popular', items: [] },
  category('design'),
  category('music'),
  category('business'),
]
const told = (row: HomeRow) => (row.kind === 'category' ? row.category.slug : row.kind)

test.each([
  [undefined, []],
  ['', []],
  ['design.music', ['design', 'music']],
  ['design.design', ['design']],
  ['design.<script>.Music', ['design']],
  [Array.from({ length: 40 }, (_, index) => `c${index}`).join('.'), Array.from({ length: 12 }, (_, i) => `c${i}`)],
])('the cookie %s says %o', (cookie, slugs) => {
  expect(interestsOf(cookie)).toEqual(slugs)
})

test('what is written is read', () => {
  expect(interestsOf(writtenInterests(['data-science', 'music']))).toEqual(['data-science', 'music'])
})

test('interests come after what was begun and before all else', () => {
  const ordered = inOrderOf(rows, ['music', 'design', 'gone']).map(told)
  expect(ordered).toEqual(['continue_learning', 'music', 'design', 'popular', 'business'])
})

test('without interests all stays', () => {
  expect(inOrderOf(rows, [])).toEqual(rows)
})
