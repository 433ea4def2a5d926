import 'server-only'
import { answer, Problem } from '../api/problem'
import type { components } from '../api/schema'
import { serverApi } from '../api/server'

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export type Opening = { course: components['schemas']['CourseView']; quote: components['schemas']['Quote'] }

/**
 * What a checkout begins with: the course, by its id or slug, as who asks sees it, and its price without a coupon.
 *
 * Throws Problem, such as `course_not_found` or `course_not_for_sale`.
 */
export async function openingOf(idOrSlug: string): Promise<Opening> {
  const api = await serverApi()
  const bySlug = (slug: string) => answer(api.GET('/api/v1/courses/{slug}', { params: { path: { slug } } }))
  const quoted = (id: string) => answer(api.POST('/api/v1/quotes', { body: { course_ids: [id] } }))
  if (!ID.test(idOrSlug)) {
    const course = await bySlug(idOrSlug)
    return { course, quote: await quoted(course.id) }
  }
  const quote = await quoted(idOrSlug)
  const [line] = quote.lines
  if (!line) throw new Problem('course_not_found', 404, 'The quote has no line.')
  return { course: await bySlug(line.slug), quote }
}
