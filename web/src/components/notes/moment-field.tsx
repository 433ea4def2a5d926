'use client'
import { Minus, Plus } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { clock } from '@/lib/time'

/** The moment that a note belongs to, moved by the second. */
export function MomentField({ ms, onChange }: { ms: number; onChange: (ms: number) => void }) {
  const t = useTranslations('notes')
  const button = 'grid size-9 place-items-center rounded-full hover:bg-ink/7'
  return (
    <span className="inline-flex items-center rounded-full bg-accent-soft text-accent-strong">
      <button
        type="button"
        aria-label={t('earlier')}
        className={button}
        onClick={() => onChange(Math.max(0, ms - 1000))}
      >
        <Minus className="size-4" aria-hidden />
      </button>
      <span className="min-w-10 text-center text-sm font-bold tabular-nums" aria-live="polite">
        <span className="sr-only">{t('moment')} </span>
        {clock(ms)}
      </span>
      <button type="button" aria-label={t('later')} className={button} onClick={() => onChange(ms + 1000)}>
        <Plus className="size-4" aria-hidden />
      </button>
    </span>
  )
}
