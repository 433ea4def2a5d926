'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { MessageCircleQuestion } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Blank } from '@/components/ui/blank'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import { Loaded } from './loaded'
import { QuestionCard } from './question-card'

const states = ['unanswered', 'all'] as const

/** What learners ask in one's own courses: first what nobody has answered. */
export function Questions() {
  const t = useTranslations('studio.qa')
  const common = useTranslations('common')
  const [state, setState] = useState<(typeof states)[number]>('unanswered')
  const questions = useInfiniteQuery({
    queryKey: ['studio', 'questions', state],
    queryFn: ({ pageParam }) =>
      answer(api.GET('/api/v1/studio/questions', { params: { query: { state, cursor: pageParam, limit: 20 } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  })
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
      <Loaded query={questions} skeleton={<Skeleton className="h-72" />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items)
          if (items.length === 0)
            return (
              <Blank icon={MessageCircleQuestion} title={t('emptyTitle')}>
                {t('emptyText')}
              </Blank>
            )
          return (
            <>
              <ul className="grid gap-4">
                {items.map((question) => (
                  <QuestionCard key={question.id} question={question} />
                ))}
              </ul>
              {questions.hasNextPage && (
                <div className="mt-6 text-center">
                  <Button
                    tone="outline"
                    busy={questions.isFetchingNextPage}
                    onClick={() => void questions.fetchNextPage()}
                  >
                    {common('more')}
                  </Button>
                </div>
              )}
            </>
          )
        }}
      </Loaded>
    </>
  )
}
