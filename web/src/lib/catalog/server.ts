import 'server-only'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { answer, Problem } from '@/lib/api/problem'
import { serverApi } from '@/lib/api/server'
import type { Filters } from './filters'

/** Courses of a page; the first page is what a screen shows before "show more". */
export const PAGE_SIZE = 24
export const REVIEWS_SIZE = 10

export type ReviewSort = 'newest' | 'helpful'

export const readCategories = cache(async () => (await answer((await serverApi()).GET('/api/v1/categories'))).items)

export const readCollections = cache(async () => (await answer((await serverApi()).GET('/api/v1/collections'))).items)

export const readHome = async () => (await answer((await serverApi()).GET('/api/v1/home'))).rows

export const readCollection = cache(async (slug: string) =>
  orNotFound(answer((await serverApi()).GET('/api/v1/collections/{slug}', { params: { path: { slug } } }))),
)

/** Answers with the first courses where the cursor is of another order, or of another time. */
export async function readCourses(filters: Filters, cursor?: string | null, limit = PAGE_SIZE) {
  const api = await serverApi()
  const asked = (after?: string | null) =>
    answer(
      api.GET('/api/v1/courses', { params: { query: { ...filters, limit, ...(after ? { cursor: after } : {}) } } }),
    )
  return asked(cursor).catch((problem: unknown) => {
    if (cursor && problem instanceof Problem && problem.status === 400) return asked()
    throw problem
  })
}

export const readCourse = cache(async (slug: string) =>
  orNotFound(answer((await serverApi()).GET('/api/v1/courses/{slug}', { params: { path: { slug } } }))),
)

export async function readReviews(slug: string, sort: ReviewSort, cursor?: string) {
  const query = { sort, limit: REVIEWS_SIZE, ...(cursor ? { cursor } : {}) }
  return answer((await serverApi()).GET('/api/v1/courses/{slug}/reviews', { params: { path: { slug }, query } }))
}

/** How far the learner is; null where the API knows nobody who asks, or is too busy to tell. */
export async function readProgress(slug: string) {
  const { data } = await (await serverApi()).GET('/api/v1/courses/{slug}/progress', { params: { path: { slug } } })
  return data ?? null
}

/** One's own review; null where there is none. */
export async function readOwnReview(slug: string) {
  const { data } = await (await serverApi()).GET('/api/v1/courses/{slug}/review', { params: { path: { slug } } })
  return data ?? null
}

const orNotFound = <T>(answered: Promise<T>): Promise<T> =>
  answered.catch((problem: unknown) => {
    if (problem instanceof Problem && problem.status === 404) notFound()
    throw problem
  })
