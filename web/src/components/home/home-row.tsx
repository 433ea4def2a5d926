import { Row } from '@/components/catalog/row'
import { BegunCard } from '@/components/course/begun-card'
import { CourseCard } from '@/components/course/card'
import { getTranslations } from '@/i18n/server'
import type { HomeRow as Shown } from '@/lib/catalog/types'

type Props = { row: Shown; first: boolean }

/** A row of the home page, under the name that its kind has in the visitor's language. */
export async function HomeRow({ row, first }: Props) {
  if (row.items.length === 0) return null
  const { title, more } = await heading(row)
  return (
    <Row title={title} more={more}>
      {row.kind === 'continue_learning'
        ? row.items.map((course) => (
            <li key={course.id}>
              <BegunCard course={course} />
            </li>
          ))
        : row.items.map((course, place) => (
            <li key={course.id}>
              <CourseCard course={course} first={first && place < 3} />
            </li>
          ))}
    </Row>
  )
}

async function heading(row: Shown) {
  const t = await getTranslations('catalog')
  const seeAll = (href: string) => ({ href, words: t('seeAll') })
  switch (row.kind) {
    case 'continue_learning':
      return { title: t('rows.continue'), more: { href: '/my-learning', words: t('rows.mine') } }
    case 'popular':
      return { title: t('rows.popular'), more: seeAll('/explore') }
    case 'newest':
      return { title: t('rows.newest'), more: seeAll('/explore?sort=newest') }
    case 'category':
      return { title: row.category.name, more: seeAll(`/categories/${row.category.slug}`) }
    case 'collection':
      return { title: row.collection.title, more: seeAll(`/collections/${row.collection.slug}`) }
  }
}
