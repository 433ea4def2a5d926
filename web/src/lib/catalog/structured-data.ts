import { majorUnits } from '@/lib/money'
import type { CoursePage } from './types'

/**
 * What search engines are told of a course, as the text of a script element: `<` is escaped, so that no title ends it.
 *
 * Source: schema.org/Course.
 */
export function courseData(course: CoursePage, url: string): string {
  const rating = course.rating.average
  const data = {
    '@context': 'https://schema.org',
    '@type': 'Course',
    name: course.title,
    description: course.subtitle || course.title,
    url,
    inLanguage: course.language,
    ...(course.cover_url ? { image: new URL(course.cover_url, url).href } : {}),
    provider: { '@type': 'Organization', name: 'Kosu', sameAs: new URL('/', url).href },
    offers: {
      '@type': 'Offer',
      category: course.price.amount_minor === 0 ? 'Free' : 'Paid',
      price: majorUnits(course.price),
      priceCurrency: course.price.currency,
    },
    ...(rating === null
      ? {}
      : { aggregateRating: { '@type': 'AggregateRating', ratingValue: rating, ratingCount: course.rating.count } }),
    hasCourseInstance: {
      '@type': 'CourseInstance',
      courseMode: 'Online',
      courseWorkload: `PT${Math.max(1, Math.round(course.duration_ms / 60_000))}M`,
      instructor: { '@type': 'Person', name: course.instructor.display_name },
    },
  }
  return JSON.stringify(data).replaceAll('<', '\\u003c')
}
