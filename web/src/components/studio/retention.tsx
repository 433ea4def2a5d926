'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { SelectField } from '@/components/ui/field'
import type { components } from '@/lib/api/schema'
import { retentionPoints } from '@/lib/studio/retention'
import { RetentionChart } from './retention-chart'

type LessonAnalytics = components['schemas']['LessonAnalytics']

/** The retention curve of one video at a time: of the first that somebody has begun, until another is chosen. */
export function Retention({ lessons }: { lessons: LessonAnalytics[] }) {
  const t = useTranslations('studio.analytics')
  const [chosen, setChosen] = useState<string | null>(null)
  const videos = lessons.filter(({ kind }) => kind === 'video')
  const lesson = videos.find(({ id }) => id === chosen) ?? videos.find(({ begun }) => begun > 0) ?? videos[0]
  if (!lesson) return null
  const points = retentionPoints(lesson)
  return (
    <section aria-label={t('retention')} className="grid gap-4">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <h3 className="text-lg font-bold">{t('retention')}</h3>
        <SelectField
          label={t('chooseLesson')}
          fieldClassName="w-full sm:w-80"
          value={lesson.id}
          onChange={(event) => setChosen(event.target.value)}
        >
          {videos.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </SelectField>
      </div>
      {points.length === 0 || lesson.begun === 0 ? (
        <p className="rounded-card border border-line bg-surface p-5 text-muted shadow-card">{t('noRetention')}</p>
      ) : (
        <RetentionChart key={lesson.id} title={lesson.title} points={points} />
      )}
    </section>
  )
}
