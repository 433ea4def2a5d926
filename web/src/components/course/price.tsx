import { use } from 'react'
import { getLocale, getTranslations } from '@/i18n/server'
import { reduction } from '@/lib/catalog/course'
import type { Course } from '@/lib/catalog/types'
import { formatMoney } from '@/lib/money'

type Props = { course: Pick<Course, 'price' | 'list_price'>; large?: boolean }

export function Price({ course: { price, list_price: listPrice }, large = false }: Props) {
  const [t, locale] = [use(getTranslations('catalog')), use(getLocale())]
  const percent = reduction(price, listPrice)
  return (
    <p className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
      <span className={large ? 'font-display text-3xl font-extrabold' : 'text-lg font-bold'}>
        {price.amount_minor === 0 ? t('free') : formatMoney(price, locale)}
      </span>
      {listPrice && percent !== null && (
        <s className={large ? 'text-muted' : 'text-sm text-muted'}>
          <span className="sr-only">{t('before')} </span>
          {formatMoney(listPrice, locale)}
        </s>
      )}
      {large && percent !== null && percent > 0 && (
        <span className="rounded-full bg-accent-soft px-2 py-0.5 text-xs font-bold text-accent-strong">
          {t('percentOff', { percent })}
        </span>
      )}
    </p>
  )
}
