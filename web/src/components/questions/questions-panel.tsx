'use client'
import { MessagesSquare } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useStage, type Lesson } from '@/components/player/lesson-stage'
import { Paged } from '@/components/shell/paged'
import { Blank } from '@/components/ui/blank'
import { Button } from '@/components/ui/button'
import { inputStyles } from '@/components/ui/field'
import { Skeleton } from '@/components/ui/skeleton'
import { clock } from '@/lib/time'
import { PostForm } from './post-form'
import { QuestionCard } from './question-card'
import { questionDoor, useLinkedQuestion, useQuestionAction, useQuestions, type Sort } from './use-questions'

type Props = {
  lesson: Lesson
  /** The question that a link opens. */
  openId: string | null
}

export function QuestionsPanel({ lesson, openId }: Props) {
  const t = useTranslations('questions')
  const { player } = useStage()
  const [sort, setSort] = useState<Sort>('newest')
  const [asking, setAsking] = useState(false)
  // Where the video stood when the question came up; null is about the lesson as a whole.
  const [moment, setMoment] = useState<{ ms: number; about: boolean } | null>(null)
  const list = useQuestions(lesson.id, sort)
  const linked = useLinkedQuestion(lesson.id, openId)
  const ask = useQuestionAction(
    lesson.id,
    (written: { title: string; body: string }) =>
      questionDoor.ask(lesson.id, { ...written, at_ms: moment?.about ? moment.ms : null }),
    () => setAsking(false),
  )
  const { items: listed } = list
  const questions = linked.data ? [linked.data, ...listed.filter(({ id }) => id !== linked.data.id)] : listed
  return (
    <div className="grid gap-4">
      {asking ? (
        <PostForm
          titled
          first={{ title: '', body: '' }}
          label={t('askBody')}
          send={t('send')}
          busy={ask.isPending}
          error={ask.error}
          onSend={(written) => ask.mutate(written)}
          onCancel={() => setAsking(false)}
        >
          {moment && (
            <label className="flex min-h-11 items-center gap-3 text-[0.9375rem]">
              <input
                type="checkbox"
                checked={moment.about}
                onChange={({ currentTarget }) => setMoment({ ...moment, about: currentTarget.checked })}
                className="size-5 accent-accent"
              />
              {t('atMoment', { time: clock(moment.ms) })}
            </label>
          )}
        </PostForm>
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-2">
          <Button
            onClick={() => {
              const ms = player.current?.positionMs()
              setMoment(ms === undefined ? null : { ms, about: ms > 0 })
              setAsking(true)
            }}
          >
            {t('ask')}
          </Button>
          {questions.length > 1 && (
            <select
              aria-label={t('sort')}
              value={sort}
              onChange={({ currentTarget }) => setSort(currentTarget.value === 'moment' ? 'moment' : 'newest')}
              className={`${inputStyles} h-11 w-auto text-[0.9375rem]`}
            >
              <option value="newest">{t('newest')}</option>
              <option value="moment">{t('moment')}</option>
            </select>
          )}
        </div>
      )}
      <Paged
        pages={{ ...list, items: questions }}
        skeleton={<Skeleton className="h-36" />}
        empty={
          !asking && (
            <Blank icon={MessagesSquare} title={t('emptyTitle')} className="py-8">
              {t('emptyText')}
            </Blank>
          )
        }
      >
        {(items) => (
          <ul className="grid gap-3">
            {items.map((question) => (
              <li key={question.id}>
                <QuestionCard question={question} opened={question.id === openId} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </div>
  )
}
