'use client'
import { Star } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { useProblemWords } from '@/lib/api/words'
import { RatingField } from './rating-field'

type Props = {
  slug: string
  review: { rating: number; body: string; removable: boolean } | null
  /** The body of the review, as it is shown. */
  children: React.ReactNode
}

/** Shows one's own review, and a form in its place to write or to change it. */
export function ReviewEditor({ slug, review, children }: Props) {
  const t = useTranslations('browse')
  const common = useTranslations('common')
  const router = useRouter()
  const explain = useProblemWords()
  const [editing, setEditing] = useState(review === null)
  const [asking, setAsking] = useState(false)
  const [rating, setRating] = useState(review?.rating ?? 0)
  const [problem, setProblem] = useState('')
  const [busy, start] = useTransition()
  const act = (what: () => Promise<unknown>) =>
    start(async () => {
      setProblem('')
      try {
        await what()
        router.refresh()
      } catch (cause) {
        setProblem(explain(cause))
      }
    })
  const error = problem && (
    <p role="alert" className="text-sm text-bad">
      {problem}
    </p>
  )

  if (review && !editing)
    return (
      <>
        <p aria-label={t('stars', { count: review.rating })} role="img" className="flex">
          {[1, 2, 3, 4, 5].map((star) => (
            <Star
              key={star}
              aria-hidden
              className={star <= review.rating ? 'size-5 fill-star text-star' : 'size-5 fill-ink/10 text-ink/10'}
            />
          ))}
        </p>
        {children}
        <div className="flex flex-wrap gap-2.5">
          <Button tone="outline" onClick={() => setEditing(true)}>
            {common('edit')}
          </Button>
          {review.removable && !asking && (
            <Button tone="ghost" onClick={() => setAsking(true)}>
              {common('delete')}
            </Button>
          )}
          {asking && (
            <>
              <Button
                tone="danger"
                busy={busy}
                onClick={() => act(() => import('@/lib/catalog/actions').then((actions) => actions.removeReview(slug)))}
              >
                {t('reallyDelete')}
              </Button>
              <Button tone="ghost" onClick={() => setAsking(false)}>
                {common('cancel')}
              </Button>
            </>
          )}
        </div>
        {error}
      </>
    )
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        const body = String(new FormData(event.currentTarget).get('body'))
        if (rating === 0) setProblem(t('chooseRating'))
        else act(() => import('@/lib/catalog/actions').then((actions) => actions.writeReview(slug, { rating, body })))
      }}
    >
      <RatingField rating={rating} onChange={setRating} />
      <label className="grid gap-1.5 text-sm font-semibold">
        {t('reviewBody')}
        <textarea
          name="body"
          rows={4}
          maxLength={5000}
          defaultValue={review?.body}
          placeholder={t('reviewHint')}
          className="w-full rounded-xl border border-line bg-surface px-4 py-3 text-base font-normal placeholder:text-muted"
        />
      </label>
      <div className="flex flex-wrap gap-2.5">
        <Button type="submit" busy={busy}>
          {review ? common('save') : t('publish')}
        </Button>
        {review && (
          <Button tone="ghost" onClick={() => setEditing(false)}>
            {common('cancel')}
          </Button>
        )}
      </div>
      {error}
    </form>
  )
}
