import { Markdown } from '@/components/ui/markdown'
import { Notice } from '@/components/ui/notice'
import { getTranslations } from '@/i18n/server'
import type { OwnReview as Own } from '@/lib/catalog/types'
import { ReviewEditor } from './review-editor'

/** The learner's own review, or the invitation to write one. */
export async function OwnReview({ slug, review }: { slug: string; review: Own | null }) {
  const t = await getTranslations('catalog')
  return (
    <div className="mt-6 grid gap-3 rounded-card border border-line bg-surface p-5">
      <h3 className="text-lg font-bold">{review ? t('reviews.your') : t('reviews.write')}</h3>
      {review?.hidden_reason && <Notice tone="warn">{t('reviews.hidden', { reason: review.hidden_reason })}</Notice>}
      <ReviewEditor
        key={review?.updated_at ?? ''}
        slug={slug}
        review={review && { rating: review.rating, body: review.body, removable: review.hidden_reason === null }}
      >
        {review?.body && <Markdown source={review.body} below={3} />}
      </ReviewEditor>
    </div>
  )
}
