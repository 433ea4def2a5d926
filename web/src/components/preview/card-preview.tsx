'use client'
import { Play } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTranslations } from 'use-intl'

const CoursePreview = dynamic(() => import('./course-preview').then((module) => module.CoursePreview))

/** Plays a lesson of the course where the card's picture is. The card's picture is its positioned parent. */
export function CardPreview({ slug, title }: { slug: string; title: string }) {
  const t = useTranslations('browse')
  const [state, setState] = useState<'unseen' | 'open' | 'closed'>('unseen')
  if (state === 'open') return <CoursePreview slug={slug} onClose={() => setState('closed')} />
  return (
    <button
      type="button"
      autoFocus={state === 'closed'} // where the focus was before
      onClick={() => setState('open')}
      className="absolute right-3 bottom-3 z-10 flex h-11 items-center gap-1.5 rounded-full bg-surface pr-4 pl-3 text-sm font-bold shadow-card hover:bg-raised"
    >
      <Play className="size-4 fill-current" aria-hidden />
      {t('preview')}
      <span className="sr-only">: {title}</span>
    </button>
  )
}
