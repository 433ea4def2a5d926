import { clsx } from 'clsx'
import Link from 'next/link'
import { ShowMore } from '@/components/catalog/show-more'
import { Stars } from '@/components/course/rating'
import { getFormatter, getTranslations } from '@/i18n/server'
import { readOwnReview, readReviews, type ReviewSort } from '@/lib/catalog/server'
import type { CoursePage } from '@/lib/catalog/types'
import { Histogram } from './histogram'
import { moreReviews } from './more-reviews'
import { OwnReview } from './own-review'
import { ReviewItem } from './review-item'
import { reviewsAddress } from './address'

type Props = { course: CoursePage; sort: ReviewSort; cursor?: string }

export async function Reviews({ course, sort, cursor }: Props) {
  const [t, format] = [await getTranslations('catalog'), await getFormatter()]
  const { slug, access, rating } = course
  const mayReview = access.state === 'enrolled'
  const [page, own] = await Promise.all([readReviews(slug, sort, cursor), mayReview ? readOwnReview(slug) : null])
  const next = page.next_cursor
  return (
    <section id="reviews" aria-labelledby="reviews-title" className="scroll-mt-32 pt-12">
      <h2 id="reviews-title" className="text-xl font-bold sm:text-2xl">
        {t('parts.reviews')}
      </h2>
      {rating.average === null ? (
        <p className="mt-3 text-muted">{mayReview ? t('reviews.beFirst') : t('reviews.none')}</p>
      ) : (
        <div className="mt-4 flex flex-wrap items-center gap-x-8 gap-y-4">
          <p className="grid gap-1 sm:justify-items-center">
            <span className="font-display text-5xl font-extrabold">
              {format.number(rating.average, { minimumFractionDigits: 1 })}
            </span>
            <Stars rating={rating.average} />
            <span className="text-sm text-muted">{t('ratings', { count: rating.count })}</span>
          </p>
          <Histogram histogram={page.histogram} />
        </div>
      )}
      {mayReview && <OwnReview slug={slug} review={own} />}
      {page.items.length > 0 && (
        <>
          <nav aria-label={t('reviews.order')} className="mt-6 flex gap-2">
            {(['newest', 'helpful'] as const).map((order) => (
              <Link
                key={order}
                href={`/courses/${slug}${order === 'newest' ? '' : '?sort=helpful'}#reviews`}
                scroll={false}
                aria-current={order === sort ? 'true' : undefined}
                className={clsx(
                  'inline-flex h-11 items-center rounded-full border px-4 text-sm font-semibold',
                  order === sort ? 'border-ink bg-ink text-paper' : 'border-line bg-surface hover:border-ink/40',
                )}
              >
                {t(`reviews.${order}`)}
              </Link>
            ))}
          </nav>
          <ShowMore
            key={`${sort} ${page.items[0]?.id}`}
            load={moreReviews.bind(null, slug, sort, own?.id ?? null)}
            next={next === null ? null : { cursor: next, href: reviewsAddress(slug, sort, next) }}
            className="mt-2 divide-y divide-line"
          >
            {page.items.map((review) => (
              <li key={review.id}>
                <ReviewItem review={review} own={review.id === own?.id} />
              </li>
            ))}
          </ShowMore>
        </>
      )}
    </section>
  )
}
