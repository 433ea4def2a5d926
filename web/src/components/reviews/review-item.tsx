import { Stars } from '@/components/course/rating'
import { Markdown } from '@/components/ui/markdown'
import { getFormatter, getTranslations } from '@/i18n/server'
import { initials } from '@/lib/catalog/course'
import type { Review } from '@/lib/catalog/types'
import { HelpfulButton } from './helpful-button'

/** What a learner says of the course. Nobody votes for their own review. */
export async function ReviewItem({ review, own = false }: { review: Review; own?: boolean }) {
  const [t, format] = [await getTranslations('catalog'), await getFormatter()]
  const { id, author, rating, body, helpful_count: count, created_at: at } = review
  return (
    <article className="py-6">
      <div className="flex items-center gap-3">
        <span
          aria-hidden
          className="grid size-10 shrink-0 place-items-center rounded-full bg-accent-soft text-sm font-bold text-accent-strong"
        >
          {initials(author.display_name)}
        </span>
        <div className="min-w-0">
          <h3 className="truncate font-sans font-semibold tracking-normal">{author.display_name}</h3>
          <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
            <Stars rating={rating} />
            <span className="sr-only">{t('reviews.given', { rating })}</span>
            <time dateTime={at}>{format.dateTime(new Date(at), { dateStyle: 'medium' })}</time>
          </p>
        </div>
      </div>
      {body && <Markdown source={body} below={3} className="mt-3 max-w-2xl" />}
      {own ? (
        <p className="mt-3 text-sm text-muted">
          {t('reviews.yours')}
          {count > 0 && ` · ${t('reviews.helpfulTo', { count })}`}
        </p>
      ) : (
        <HelpfulButton id={id} count={count} />
      )}
    </article>
  )
}
