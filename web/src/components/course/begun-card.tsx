import { Play } from 'lucide-react'
import Link from 'next/link'
import { Progress } from '@/components/ui/progress'
import { getTranslations } from '@/i18n/server'
import type { BegunCourse } from '@/lib/catalog/types'
import { Cover } from './cover'

/** A course that the learner has begun: leads to where they were. */
export async function BegunCard({ course }: { course: BegunCourse }) {
  const t = await getTranslations('catalog')
  const last = course.last_lesson
  const href = last ? `/learn/${course.slug}/${last.id}?t=${course.position_ms}` : `/courses/${course.slug}`
  return (
    <article className="group relative flex h-full flex-col overflow-hidden rounded-card border border-line bg-surface shadow-card transition duration-200 hover:-translate-y-0.5 hover:shadow-lift">
      <div className="relative aspect-video overflow-hidden bg-raised">
        <Cover course={course} first className="size-full transition-transform duration-500 group-hover:scale-[1.03]" />
        <span className="absolute inset-0 grid place-items-center">
          <span className="grid size-12 place-items-center rounded-full bg-surface/95 shadow-card">
            <Play className="ml-0.5 size-5 fill-ink text-ink" aria-hidden />
          </span>
        </span>
      </div>
      <div className="flex flex-1 flex-col gap-1.5 p-4">
        <h3 lang={course.language} className="leading-snug font-bold">
          <Link href={href} prefetch={false} className="after:absolute after:inset-0 after:rounded-card">
            <span className="sr-only">{t('goOn')} </span>
            {course.title}
          </Link>
        </h3>
        {last && (
          <p lang={course.language} className="truncate text-sm text-muted">
            {last.title}
          </p>
        )}
        <div className="mt-auto flex items-center gap-3 pt-2">
          <Progress percent={course.percent} label={t('progressOf', { title: course.title })} className="flex-1" />
          <span className="text-sm font-semibold tabular-nums" aria-hidden>
            {course.percent}%
          </span>
        </div>
      </div>
    </article>
  )
}
