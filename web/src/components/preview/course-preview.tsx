'use client'
import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import { lessonToPreview } from '@/lib/catalog/course'
import type { Lesson } from '@/lib/catalog/types'
import { LessonPreview } from './lesson-preview'
import { Waiting } from './waiting'

type Found = { lesson: Lesson | undefined } | { problem: unknown } | null

/** The first lesson of a course that may be looked into, in place of the picture of its card. */
export function CoursePreview({ slug, onClose }: { slug: string; onClose: () => void }) {
  const t = useTranslations('browse')
  const explain = useProblemWords()
  const [found, setFound] = useState<Found>(null)
  useEffect(() => {
    let gone = false
    answer(api.GET('/api/v1/courses/{slug}', { params: { path: { slug } } }))
      .then(({ curriculum }) => !gone && setFound({ lesson: lessonToPreview(curriculum) }))
      .catch((problem: unknown) => !gone && setFound({ problem }))
    return () => {
      gone = true
    }
  }, [slug])
  return (
    <div
      className="absolute inset-0 z-10 bg-night text-white"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      {found === null && <Waiting />}
      {found && 'problem' in found && <Message>{explain(found.problem)}</Message>}
      {found && 'lesson' in found && (
        <>{found.lesson ? <LessonPreview lesson={found.lesson} /> : <Message>{t('noPreview')}</Message>}</>
      )}
      <button
        type="button"
        autoFocus
        aria-label={t('closePreview')}
        onClick={onClose}
        className="absolute top-2 right-2 grid size-11 place-items-center rounded-full bg-night/80 text-white hover:bg-night"
      >
        <X className="size-5" aria-hidden />
      </button>
    </div>
  )
}

function Message({ children }: { children: React.ReactNode }) {
  return (
    <p role="status" className="grid h-full place-items-center px-12 text-center text-sm">
      {children}
    </p>
  )
}
