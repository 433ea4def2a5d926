'use client'
import { Circle, CircleCheck } from 'lucide-react'
import { useTranslations } from 'use-intl'
import type { StudioCourse } from './queries'

/** What a course should have before people find it. Only the first is asked for by the API; the rest is good advice. */
export function ToDo({ course }: { course: StudioCourse }) {
  const t = useTranslations('studio.bar')
  const lessons = course.curriculum.flatMap((section) => section.lessons)
  const points = [
    [t('needLesson'), lessons.length > 0],
    [
      t('needVideos'),
      lessons.every((lesson) => lesson.kind === 'text' || lesson.duration_ms !== null) && lessons.length > 0,
    ],
    [t('needDescription'), course.description.trim() !== ''],
    [t('needOutcomes'), course.outcomes.length > 0],
    [t('needCover'), course.cover_url !== null],
  ] as const
  if (points.every(([, fulfilled]) => fulfilled)) return null
  return (
    <div>
      <h2 className="text-sm font-semibold">{t('before')}</h2>
      <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-2 text-sm">
        {points.map(([point, fulfilled]) => {
          const Icon = fulfilled ? CircleCheck : Circle
          return (
            <li key={point} className="flex items-center gap-1.5">
              <Icon className={fulfilled ? 'size-4 text-good' : 'size-4 text-muted'} aria-hidden />
              {point}
              <span className="sr-only">({fulfilled ? t('fulfilled') : t('open')})</span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
