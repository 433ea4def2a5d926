'use server'
import type { More } from '@/components/catalog/show-more'
import { readReviews, type ReviewSort } from '@/lib/catalog/server'
import { reviewsAddress } from './address'
import { ReviewItem } from './review-item'

/** The reviews that follow. Called by the browser: the API judges what it is asked. */
export async function moreReviews(slug: string, sort: ReviewSort, ownId: string | null, cursor: string): Promise<More> {
  const { items, next_cursor: next } = await readReviews(slug, sort, cursor)
  return {
    items: items.map((review) => (
      <li key={review.id}>
        <ReviewItem review={review} own={review.id === ownId} />
      </li>
    )),
    next: next === null ? null : { cursor: next, href: reviewsAddress(slug, sort, next) },
  }
}
