'use client'
import { X } from 'lucide-react'
import { useEffect, useId, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { LessonPreview } from './lesson-preview'

type Props = { lesson: { id: string; title: string; kind: string }; onClose: () => void }

/** The browser's own dialog keeps the focus within and gives it back. */
export function PreviewDialog({ lesson, onClose }: Props) {
  const t = useTranslations('browse')
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close()
      }}
      className="m-auto w-[min(56rem,calc(100vw-2rem))] overflow-hidden rounded-card bg-surface p-0 text-ink shadow-lift backdrop:bg-night/75"
    >
      <div className="flex items-center justify-between gap-4 py-2 pr-2 pl-5">
        <h2 id={id} className="min-w-0 truncate text-lg font-bold">
          {lesson.title}
        </h2>
        <button
          type="button"
          aria-label={t('closePreview')}
          onClick={() => dialog.current?.close()}
          className="grid size-11 shrink-0 place-items-center rounded-full hover:bg-ink/7"
        >
          <X className="size-5" aria-hidden />
        </button>
      </div>
      <div className="relative aspect-video bg-night text-white">
        <LessonPreview lesson={lesson} />
      </div>
    </dialog>
  )
}
