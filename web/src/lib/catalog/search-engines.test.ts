import { expect, test } from 'vitest'
import { MOST_ADDRESSES, sitemap, sitemapIndex } from './sitemap'
import { courseData } from './structured-data'
import type { CoursePage } from './types'

const course: CoursePage = {
  id: '01a212c6-71ab-712c-b37f-0783e1f478de',
  slug: 'python',
  title: 'Python </script><script>alert(1)',
  subtitle: 'From nothing',
  description: '',
  cover_url: '/media/covers/a.webp',
  instructor: { display_name: 'Mei Tanaka' },
  category: { slug: 'programming', name: 'Programming' },
  level: 'beginner',
  language: 'ko',
  price: { amount_minor: 4950, currency: 'USD' },
  list_price: null,
  rating: { average: 4.5, count: 2 },
  enrolment_count: 0,
  duration_ms: 5_400_000,
  lesson_count: 1,
  has_preview: true,
  outcomes: [],
  curriculum: [],
  access: { state: 'free', code: 'free', reason: '', expires_at: null },
}
const told = (shown: CoursePage) => courseData(shown, 'https://kosu.test/courses/python')

test('a course is told to search engines', () => {
  expect(JSON.parse(told(course))).toMatchObject({
    '@type': 'Course',
    name: course.title,
    image: 'https://kosu.test/media/covers/a.webp',
    offers: { price: 49.5, priceCurrency: 'USD', category: 'Paid' },
    aggregateRating: { ratingValue: 4.5, ratingCount: 2 },
    hasCourseInstance: { courseWorkload: 'PT90M' },
  })
})

test('no title ends the script', () => {
  expect(told(course)).not.toContain('<')
})

test('what nobody has rated has no rating', () => {
  expect(told({ ...course, rating: { average: null, count: 0 } })).not.toContain('aggregateRating')
})

test('addresses are escaped', () => {
  expect(sitemap(['https://kosu.test/?a=1&b=<'])).toContain('<url><loc>https://kosu.test/?a=1&amp;b=&lt;</loc></url>')
  expect(sitemapIndex(['https://kosu.test/a.xml'])).toContain('<sitemap><loc>https://kosu.test/a.xml</loc></sitemap>')
})

test('a map holds as many addresses as it may', () => {
  const addresses = Array.from({ length: MOST_ADDRESSES + 1 }, () => 'https://kosu.test/')
  expect(sitemap(addresses).match(/<url>/g)).toHaveLength(MOST_ADDRESSES)
})
