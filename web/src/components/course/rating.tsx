import { clsx } from 'clsx'
import { use } from 'react'
import { getFormatter, getTranslations } from '@/i18n/server'
import type { Course } from '@/lib/catalog/types'
import { Icon } from './icon'

/** 4.9 (2,184); nothing before the first review. */
export function Rating({ rating }: { rating: Course['rating'] }) {
  const [t, format] = [use(getTranslations('catalog')), use(getFormatter())]
  if (rating.average === null) return null
  const average = format.number(rating.average, { minimumFractionDigits: 1 })
  return (
    <span className="inline-flex items-center gap-1">
      <Icon name="star" className="fill-star text-star" />
      <span className="sr-only">{t('ratedBy', { average, count: rating.count })}</span>
      <span aria-hidden className="font-semibold text-ink">
        {average}
      </span>
      <span aria-hidden>({format.number(rating.count)})</span>
    </span>
  )
}

/** Five stars of which as many are filled as the rating says. Its words stand beside it. */
export function Stars({ rating, className }: { rating: number; className?: string }) {
  return (
    <span aria-hidden className={clsx('inline-flex', className)}>
      {[1, 2, 3, 4, 5].map((star) => (
        <Icon
          key={star}
          name="star"
          className={star <= Math.round(rating) ? 'fill-star text-star' : 'fill-ink/10 text-ink/10'}
        />
      ))}
    </span>
  )
}
