'use client'
import { MessageCircleQuestion } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Paged } from '@/components/shell/paged'
import { Blank } from '@/components/ui/blank'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { usePages } from '@/lib/api/pages'
import { answer } from '@/lib/api/problem'
import { QuestionCard } from './question-card'

const states = ['unanswered', 'all'] as const

/** What learners ask in one's own courses: first what nobody has answered. */
export function Questions() {
  const t = useTranslations('studio.qa')
  const [state, setState] = useState<(typeof states)[number]>('unanswered')
  const questions = usePages(['studio', 'questions', state], (cursor, signal) =>
    answer(api.GET('/api/v1/studio/questions', { params: { query: { state, cursor, limit: 20 } }, signal })),
  )
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-4 py-8">
        <h1 className="text-3xl font-extrabold">{t('title')}</h1>
        <div role="group" aria-label={t('filter')} className="flex gap-2">
          {states.map((each) => (
            <Button
              key={each}
              tone={each === state ? 'ink' : 'outline'}
              aria-pressed={each === state}
              onClick={() => setState(each)}
            >
              {t(each)}
            </Button>
          ))}
        </div>
      </div>
      <Paged
        pages={questions}
        skeleton={<Skeleton className="h-72" />}
        empty={
          <Blank icon={MessageCircleQuestion} title={t('emptyTitle')}>
            {t('emptyText')}
          </Blank>
        }
      >
        {(items) => (
          <ul className="grid gap-4">
            {items.map((question) => (
              <QuestionCard key={question.id} question={question} />
            ))}
          </ul>
        )}
      </Paged>
    </>
  )
}
