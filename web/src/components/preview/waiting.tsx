'use client'
import { useTranslations } from 'use-intl'

/** Fills the place of a video that is on its way. */
export function Waiting() {
  const t = useTranslations('common')
  return (
    <div role="status" className="absolute inset-0 grid place-items-center">
      <span aria-hidden className="size-9 animate-spin rounded-full border-3 border-white/80 border-r-transparent" />
      <span className="sr-only">{t('loading')}</span>
    </div>
  )
}
