'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ChartSpline } from 'lucide-react'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Loaded } from '@/components/shell/loaded'
import { Blank } from '@/components/ui/blank'
import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { answer } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { useProblemWords } from '@/lib/api/words'
import { EnrolmentChart } from './enrolment-chart'
import { LessonTable } from './lesson-table'
import { ofCourse } from './queries'
import { Retention } from './retention'

type Analytics = components['schemas']['CourseAnalytics']
type Range = { from: string; to: string }

const day = (at: Date) => at.toISOString().slice(0, 10)
const DAY_MS = 86_400_000

/** The last thirty days, in UTC as the API counts them. */
const lastDays = (): Range => ({ from: day(new Date(Date.now() - 29 * DAY_MS)), to: day(new Date()) })

export function CourseAnalytics({ id }: { id: string }) {
  const t = useTranslations('studio.analytics')
  const explain = useProblemWords()
  const [range, setRange] = useState(lastDays)
  const analytics = useQuery({
    queryKey: ['studio', 'analytics', id, range],
    queryFn: () => {
      const { params } = ofCourse(id)
      return answer(api.GET('/api/v1/studio/courses/{course_id}/analytics', { params: { ...params, query: range } }))
    },
    // Figures stay where they are until the new ones are there.
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <h2 className="text-xl font-bold">{t('title')}</h2>
        <RangeForm range={range} onChange={setRange} />
      </div>
      {analytics.isError && analytics.data && (
        <Notice tone="bad" className="mt-4">
          {explain(analytics.error)}
        </Notice>
      )}
      <div className="mt-6">
        <Loaded query={analytics} skeleton={<Skeleton className="h-[36rem]" />}>
          {(data) =>
            data.enrolments.total === 0 && data.active_learners === 0 ? (
              <Blank icon={ChartSpline} title={t('emptyTitle')}>
                {t('emptyText')}
              </Blank>
            ) : (
              <div className="grid gap-8">
                <Figures analytics={data} />
                <EnrolmentChart days={data.enrolments.by_day} />
                <Retention lessons={data.lessons} />
                <LessonTable lessons={data.lessons} />
              </div>
            )
          }
        </Loaded>
      </div>
    </>
  )
}

function RangeForm({ range, onChange }: { range: Range; onChange: (range: Range) => void }) {
  const t = useTranslations('studio.analytics')
  const [typed, setTyped] = useState(range)
  const isWrong = typed.from > typed.to
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isWrong) onChange(typed)
      }}
    >
      {(['from', 'to'] as const).map((end) => (
        <TextField
          key={end}
          type="date"
          required
          label={t(end)}
          error={end === 'from' && isWrong ? t('wrongRange') : undefined}
          value={typed[end]}
          onChange={(event) => setTyped({ ...typed, [end]: event.target.value })}
        />
      ))}
      <Button type="submit" tone="outline" className="h-12">
        {t('show')}
      </Button>
    </form>
  )
}

function Figures({ analytics }: { analytics: Analytics }) {
  const t = useTranslations('studio.analytics')
  const format = useFormatter()
  const percent = (value: number) => format.number(value / 100, { style: 'percent' })
  const { completion, rating } = analytics
  const figures = [
    { name: t('enrolled'), value: format.number(analytics.enrolments.total) },
    { name: t('active'), value: format.number(analytics.active_learners) },
    {
      name: t('completed'),
      value: format.number(completion.learners),
      more: t('ofLearners', { percent: percent(completion.percent) }),
    },
    { name: t('average'), value: percent(analytics.average_percent) },
    {
      name: t('rating'),
      value: rating.average === null ? t('ratingNone') : format.number(rating.average, { maximumFractionDigits: 1 }),
      more: t('reviews', { count: rating.count }),
    },
  ]
  return (
    <dl className="grid grid-cols-2 gap-4 lg:grid-cols-5">
      {figures.map(({ name, value, more }) => (
        <div key={name} className="rounded-card border border-line bg-surface p-4 shadow-card">
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="mt-1 font-display text-2xl font-bold tabular-nums">{value}</dd>
          {more && <dd className="text-sm text-muted">{more}</dd>}
        </div>
      ))}
    </dl>
  )
}
