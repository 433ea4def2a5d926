'use client'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'

// Loaded when something is done: most visitors of a public page only read it.

const of = (slug: string) => ({ params: { path: { slug } } })

export const enrol = (slug: string) => answer(api.POST('/api/v1/courses/{slug}/enrol', of(slug)))

export const writeReview = (slug: string, review: { rating: number; body: string }) =>
  answer(api.PUT('/api/v1/courses/{slug}/review', { ...of(slug), body: review }))

export const removeReview = (slug: string) => answer(api.DELETE('/api/v1/courses/{slug}/review', of(slug)))

export function voteForReview(id: string, helpful: boolean) {
  const asked = { params: { path: { review_id: id } } }
  return answer(
    helpful
      ? api.PUT('/api/v1/reviews/{review_id}/helpful', asked)
      : api.DELETE('/api/v1/reviews/{review_id}/helpful', asked),
  )
}
