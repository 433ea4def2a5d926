import { getTranslations } from '@/i18n/server'
import { shares } from '@/lib/catalog/course'

/** How many reviews give each rating. */
export async function Histogram({ histogram }: { histogram: Readonly<Record<string, number>> }) {
  const t = await getTranslations('catalog')
  return (
    <ul className="grid min-w-60 flex-1 gap-1.5 text-sm">
      {shares(histogram).map(({ rating, count, percent }) => (
        <li key={rating} className="grid grid-cols-[5.5rem_1fr_2.5rem] items-center gap-3">
          <span className="text-muted">{t('reviews.stars', { count: rating })}</span>
          <span aria-hidden className="h-2 overflow-hidden rounded-full bg-ink/10">
            <span className="block h-full rounded-full bg-star" style={{ width: `${percent}%` }} />
          </span>
          <span className="text-right text-muted tabular-nums">{count}</span>
        </li>
      ))}
    </ul>
  )
}
