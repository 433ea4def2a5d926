'use client'
import { clsx } from 'clsx'
import { Star } from 'lucide-react'
import { useTranslations } from 'use-intl'

type Props = { rating: number; onChange: (rating: number) => void }

/** One to five stars, as radio buttons: arrow keys choose. 0 means that none is chosen. */
export function RatingField({ rating, onChange }: Props) {
  const t = useTranslations('browse')
  return (
    <fieldset>
      <legend className="text-sm font-semibold">{t('yourRating')}</legend>
      <div className="mt-1 -ml-2.5 flex w-fit">
        {[1, 2, 3, 4, 5].map((star) => (
          <label
            key={star}
            className="grid size-11 cursor-pointer place-items-center rounded-full hover:bg-ink/7 has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="rating"
              value={star}
              checked={rating === star}
              onChange={() => onChange(star)}
              className="sr-only"
            />
            <span className="sr-only">{t('stars', { count: star })}</span>
            <Star
              aria-hidden
              className={clsx('size-7', star <= rating ? 'fill-star text-star' : 'fill-transparent text-muted')}
            />
          </label>
        ))}
      </div>
    </fieldset>
  )
}
