'use client'
import { GripVertical } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { Item, Reorder } from './use-reorder'

/** Lifts a lesson or a section and lets it go, by pointer and by keys; `move-hint` on the page says how. */
export function Handle({ item, title, reorder }: { item: Item; title: string; reorder: Reorder }) {
  const t = useTranslations('studio.curriculum')
  return (
    <button
      type="button"
      aria-label={t('move', { title })}
      aria-describedby="move-hint"
      className="grid size-11 shrink-0 cursor-grab touch-none place-items-center rounded-xl text-muted hover:bg-ink/7"
      {...reorder.handle(item)}
    >
      <GripVertical className="size-5" aria-hidden />
    </button>
  )
}
