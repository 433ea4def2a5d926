import { CourseCard } from '@/components/course/card'
import { addressOf, type Filters } from '@/lib/catalog/filters'
import type { Course } from '@/lib/catalog/types'
import { moreCourses } from './more-courses'
import { ShowMore } from './show-more'

type Props = { path: string; filters: Filters; within: Filters; courses: readonly Course[]; next: string | null }

/** Courses side by side, and those that follow as soon as they are asked for. */
export function CourseGrid({ path, filters, within, courses, next }: Props) {
  const nextPage = next && { cursor: next, href: addressOf(path, filters, next) }
  return (
    <ShowMore
      key={addressOf(path, filters)}
      load={moreCourses.bind(null, path, filters, within)}
      next={nextPage || null}
      className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3 lg:gap-6"
    >
      {courses.map((course, place) => (
        <li key={course.id}>
          <CourseCard course={course} first={place < 3} heading="h2" />
        </li>
      ))}
    </ShowMore>
  )
}
