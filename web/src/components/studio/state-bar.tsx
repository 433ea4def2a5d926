'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Confirm } from '@/components/shell/confirm'
import { Button, buttonStyles } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useToasts } from '@/components/ui/toast'
import { api } from '@/lib/api/client'
import { answer, Problem } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import { courseQuery, ofCourse, type StudioCourse } from './queries'
import { ToDo } from './to-do'

const moves = {
  publish: (id: string) => api.POST('/api/v1/studio/courses/{course_id}/publish', ofCourse(id)),
  submit: (id: string) => api.POST('/api/v1/studio/courses/{course_id}/submit', ofCourse(id)),
  withdraw: (id: string) => api.POST('/api/v1/studio/courses/{course_id}/withdraw', ofCourse(id)),
  archive: (id: string) => api.POST('/api/v1/studio/courses/{course_id}/archive', ofCourse(id)),
}

const said = {
  draft: 'nowDraft',
  in_review: 'nowInReview',
  published: 'nowPublished',
  archived: 'nowArchived',
} as const

/** Where a course stands, and what leads it on. */
export function StateBar({ course }: { course: StudioCourse }) {
  const t = useTranslations('studio.bar')
  const explain = useProblemWords()
  const client = useQueryClient()
  const toasts = useToasts()
  const [archiving, setArchiving] = useState(false)
  const move = useMutation({
    mutationFn: (name: keyof typeof moves) => answer(moves[name](course.id)),
    onSuccess: (moved) => {
      client.setQueryData(courseQuery(course.id).queryKey, moved)
      void client.invalidateQueries({ queryKey: ['studio', 'courses'] })
      toasts.add({ description: t(said[moved.state]) })
    },
    onError: (problem) => {
      if (problem instanceof Problem && problem.code === 'course_state_conflict')
        void client.invalidateQueries({ queryKey: courseQuery(course.id).queryKey })
    },
  })
  const { state } = course
  const isOffered = state === 'published' || state === 'in_review'
  const reviewed = move.error instanceof Problem && move.error.code === 'review_required'
  return (
    <section aria-label={t('label')} className="grid gap-4 rounded-card border border-line bg-surface p-5 shadow-card">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <p className="min-w-56 flex-1 text-muted">{t(`${state}Text`)}</p>
        <div className="flex flex-wrap gap-2">
          {state === 'published' && (
            <Link href={`/courses/${course.slug}`} className={buttonStyles({ tone: 'outline' })}>
              {t('view')}
            </Link>
          )}
          {state === 'in_review' && (
            <Button tone="outline" busy={move.isPending} onClick={() => move.mutate('withdraw')}>
              {t('withdraw')}
            </Button>
          )}
          {state !== 'archived' && state !== 'in_review' && (
            <Button tone="ghost" onClick={() => setArchiving(true)}>
              {t('archive')}
            </Button>
          )}
          {!isOffered && !reviewed && (
            <Button busy={move.isPending} onClick={() => move.mutate('publish')}>
              {state === 'archived' ? t('republish') : t('publish')}
            </Button>
          )}
          {reviewed && (
            <Button busy={move.isPending} onClick={() => move.mutate('submit')}>
              {t('submit')}
            </Button>
          )}
        </div>
      </div>
      {course.rejection_reason && (
        <Notice tone="warn">
          <p className="font-semibold">{t('rejectedText')}</p>
          <p className="whitespace-pre-wrap">{course.rejection_reason}</p>
        </Notice>
      )}
      {move.isError && <Notice tone={reviewed ? 'info' : 'bad'}>{explain(move.error)}</Notice>}
      {!isOffered && <ToDo course={course} />}
      <Confirm
        open={archiving}
        title={t('archiveTitle')}
        text={t('archiveText')}
        action={t('archive')}
        onClose={() => setArchiving(false)}
        act={() => move.mutateAsync('archive')}
      />
    </section>
  )
}
