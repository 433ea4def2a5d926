'use client'
import { clsx } from 'clsx'
import { CircleCheck, FileText, Lock, Play } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { useStage } from '@/components/player/lesson-stage'
import { Progress } from '@/components/ui/progress'
import { clock } from '@/lib/time'
import { CertificateCard } from './certificate-card'
import { useCourseProgress } from './use-course-progress'

/** The lessons of the course that is open, with how far its learner is. */
export function Curriculum({ lessonId }: { lessonId: string }) {
  const t = useTranslations('learning')
  const { course, userId } = useStage()
  const { data: progress } = useCourseProgress()
  const byId = new Map(progress?.lessons.map((lesson) => [lesson.id, lesson]))
  return (
    <nav aria-label={t('lessons')} className="grid gap-5">
      {userId && (
        <div className="grid gap-1.5">
          <p className="flex justify-between gap-3 text-sm font-semibold">
            <span>{t('progress')}</span>
            <span className="text-muted tabular-nums">{t('percentDone', { percent: progress?.percent ?? 0 })}</span>
          </p>
          <Progress percent={progress?.percent ?? 0} label={t('progress')} />
        </div>
      )}
      {course.curriculum.map(({ section_id, section, lessons }) => (
        <section key={section_id} aria-labelledby={`section-${section_id}`}>
          <h2
            id={`section-${section_id}`}
            className="mb-1.5 px-2 font-sans text-sm font-bold tracking-normal text-muted"
          >
            {section}
          </h2>
          <ol className="grid gap-0.5">
            {lessons.map((lesson) => {
              const seen = byId.get(lesson.id)
              const open = lesson.id === lessonId
              return (
                <li key={lesson.id}>
                  <Link
                    href={`/learn/${course.slug}/${lesson.id}`}
                    aria-current={open ? 'page' : undefined}
                    className={clsx(
                      'flex min-h-12 items-center gap-3 rounded-xl px-2.5 py-2 text-[0.9375rem]',
                      open ? 'bg-accent-soft font-semibold' : 'hover:bg-ink/6',
                    )}
                  >
                    <State lesson={lesson} done={Boolean(seen?.completed_at)} percent={seen?.percent ?? 0} />
                    <span className="min-w-0 flex-1">{lesson.title}</span>
                    <span className="shrink-0 text-xs text-muted tabular-nums">
                      {lesson.duration_ms ? clock(lesson.duration_ms) : lesson.kind === 'text' ? t('text') : ''}
                    </span>
                  </Link>
                </li>
              )
            })}
          </ol>
        </section>
      ))}
      {progress?.percent === 100 && (
        // In sight, and nothing moves out of its way.
        <div className="sticky bottom-3">
          <CertificateCard slug={course.slug} />
        </div>
      )}
    </nav>
  )
}

type StateProps = { lesson: { kind: string; locked: boolean }; done: boolean; percent: number }

/** What was seen of a lesson, as a ring around its sign. */
function State({ lesson, done, percent }: StateProps) {
  const t = useTranslations('learning')
  if (done) return <CircleCheck className="size-7 shrink-0 p-0.5 text-good" role="img" aria-label={t('done')} />
  const Icon = lesson.locked ? Lock : lesson.kind === 'text' ? FileText : Play
  const label = lesson.locked ? t('locked') : percent > 0 ? t('partly', { percent }) : undefined
  return (
    <span
      className="grid size-7 shrink-0 place-items-center rounded-full"
      style={{
        background: `conic-gradient(var(--color-accent) ${percent}%, color-mix(in srgb, var(--color-ink) 12%, transparent) 0)`,
      }}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      <span className="grid size-5.5 place-items-center rounded-full bg-surface">
        <Icon className="size-3 text-muted" aria-hidden />
      </span>
    </span>
  )
}
