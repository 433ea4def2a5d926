'use client'
import { useMutation } from '@tanstack/react-query'
import { CircleCheck } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useStage, type Lesson } from '@/components/player/lesson-stage'
import { Button } from '@/components/ui/button'
import { Markdown } from '@/components/ui/markdown'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import { useCourseProgress } from './use-course-progress'

type Props = { lesson: Lesson; head: React.ReactNode; onDone: () => void }

/** A lesson to be read. Its reader says when it is done. */
export function TextLesson({ lesson, head, onDone }: Props) {
  const t = useTranslations('learning')
  const explain = useProblemWords()
  const { userId } = useStage()
  const { data: progress } = useCourseProgress()
  const complete = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/lessons/{lesson_id}/complete', { params: { path: { lesson_id: lesson.id } } })),
    onSuccess: onDone,
  })
  const done = complete.isSuccess || progress?.lessons.find(({ id }) => id === lesson.id)?.completed_at
  return (
    <article className="mx-auto max-w-2xl">
      {head}
      <Markdown source={lesson.body ?? ''} className="mt-6 text-[1.0625rem]" />
      {userId && (
        <div className="mt-8 min-h-16 border-t border-line pt-5" aria-live="polite">
          {!progress ? null : done ? (
            <p className="flex h-11 items-center gap-2 font-semibold text-good">
              <CircleCheck className="size-5" aria-hidden />
              {t('completed')}
            </p>
          ) : (
            <Button busy={complete.isPending} onClick={() => complete.mutate()}>
              {t('complete')}
            </Button>
          )}
          {complete.isError && <p className="mt-2 text-sm text-bad">{explain(complete.error)}</p>}
        </div>
      )}
    </article>
  )
}
