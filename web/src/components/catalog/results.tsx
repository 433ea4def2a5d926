import { SearchX } from 'lucide-react'
import Link from 'next/link'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { getTranslations } from '@/i18n/server'
import { addressOf, narrowing, type Filters } from '@/lib/catalog/filters'
import { readCourses } from '@/lib/catalog/server'
import { CourseGrid } from './course-grid'

type Props = {
  path: string
  /** As they stand in the page's address. */
  filters: Filters
  /** What the page itself asks for beside them. */
  within?: Filters
  cursor?: string
}

/** What a list of courses holds, or what to do where it holds nothing. */
export async function Results({ path, filters, within = {}, cursor }: Props) {
  const t = await getTranslations('catalog')
  const { items, next_cursor } = await readCourses({ ...filters, ...within }, cursor)
  if (items.length === 0) return <NothingFound path={path} filters={filters} />
  const counted = next_cursor === null && !cursor
  return (
    <>
      <p role="status" className="mb-4 text-sm text-muted">
        {t(counted ? 'found' : 'foundMore', { count: items.length })}
      </p>
      <CourseGrid path={path} filters={filters} within={within} courses={items} next={next_cursor} />
    </>
  )
}

async function NothingFound({ path, filters }: Pick<Props, 'path' | 'filters'>) {
  const t = await getTranslations('catalog')
  return (
    <Blank
      icon={SearchX}
      title={filters.q ? t('nothing.found', { q: filters.q }) : t('nothing.here')}
      action={
        <>
          {narrowing(filters) > 0 && (
            <Link href={addressOf(path, { q: filters.q })} className={buttonStyles()}>
              {t('filter.clear')}
            </Link>
          )}
          <Link href="/explore" className={buttonStyles({ tone: 'outline' })}>
            {t('seeAll')}
          </Link>
        </>
      }
    >
      {filters.q ? t('nothing.spelling') : t('nothing.wider')}
    </Blank>
  )
}
