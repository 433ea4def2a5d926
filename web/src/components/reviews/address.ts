import type { ReviewSort } from '@/lib/catalog/server'

/** Where the reviews go on: the course's page, from this review on. */
export const reviewsAddress = (slug: string, sort: ReviewSort, cursor: string) =>
  `/courses/${slug}?${new URLSearchParams({ sort, reviews: cursor })}#reviews`
