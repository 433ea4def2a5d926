'use server'
import { CourseCard } from '@/components/course/card'
import { addressOf, filtersOf, type Filters } from '@/lib/catalog/filters'
import { readCourses } from '@/lib/catalog/server'
import type { More } from './show-more'

/** The cards of the courses that follow, made on the server like those before them. Called by the browser. */
export async function moreCourses(path: string, filters: Filters, within: Filters, cursor: string): Promise<More> {
  const asked = filtersOf(filters)
  const { items, next_cursor } = await readCourses({ ...asked, ...filtersOf(within) }, cursor)
  return {
    items: items.map((course) => (
      <li key={course.id}>
        <CourseCard course={course} heading="h2" />
      </li>
    )),
    next: next_cursor === null ? null : { cursor: next_cursor, href: addressOf(path, asked, next_cursor) },
  }
}
