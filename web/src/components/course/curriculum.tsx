import { ChevronRight, FileText, Lock, Play } from 'lucide-react'
import Link from 'next/link'
import { PreviewButton } from '@/components/preview/preview-button'
import { Badge } from '@/components/ui/badge'
import { getTranslations } from '@/i18n/server'
import { isReady, lengthOf } from '@/lib/catalog/course'
import type { Access, CoursePage, Lesson, Section } from '@/lib/catalog/types'
import { clock } from '@/lib/time'
import { lengthWords } from './length'

/** All sections with their lessons; the first is open. */
export async function Curriculum({ course }: { course: CoursePage }) {
  const t = await getTranslations('catalog')
  const { curriculum, lesson_count: count } = course
  return (
    <section id="curriculum" aria-labelledby="curriculum-title" className="scroll-mt-32 pt-12">
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-2">
        <h2 id="curriculum-title" className="text-xl font-bold sm:text-2xl">
          {t('parts.curriculum')}
        </h2>
        <p className="text-sm text-muted">
          {t('sections', { count: curriculum.length })}, {t('lessons', { count })}
        </p>
      </div>
      {curriculum.length === 0 ? (
        <p className="text-muted">{t('nothing.lessons')}</p>
      ) : (
        <div className="overflow-hidden rounded-card border border-line bg-surface">
          {curriculum.map((section, place) => (
            <SectionLessons key={section.section_id} course={course} section={section} place={place} />
          ))}
        </div>
      )}
    </section>
  )
}

async function SectionLessons({ course, section, place }: { course: CoursePage; section: Section; place: number }) {
  const t = await getTranslations('catalog')
  const length = lengthOf(section)
  return (
    <details open={place === 0} className="group border-line not-first:border-t">
      <summary className="flex min-h-15 cursor-pointer list-none items-center gap-3 px-5 py-3 -outline-offset-2 hover:bg-ink/4 [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 shrink-0 transition-transform group-open:rotate-90" aria-hidden />
        <h3 lang={course.language} className="min-w-0 flex-1 font-sans font-semibold tracking-normal">
          {place + 1}. {section.section}
        </h3>
        <span className="text-sm whitespace-nowrap text-muted">
          {length > 0
            ? lengthWords(await getTranslations('common'), length)
            : t('lessons', { count: section.lessons.length })}
        </span>
      </summary>
      <ul className="border-t border-line bg-paper/60 py-1">
        {section.lessons.map((lesson) => (
          <li key={lesson.id}>
            <LessonRow course={course} lesson={lesson} />
          </li>
        ))}
      </ul>
    </details>
  )
}

const row = 'flex min-h-12 w-full items-center gap-3 px-5 py-2.5 text-left text-[0.9375rem]'

async function LessonRow({ course, lesson }: { course: CoursePage; lesson: Lesson }) {
  const t = await getTranslations('catalog')
  const { access } = course
  const Icon = lesson.locked ? Lock : lesson.kind === 'text' ? FileText : Play
  const colour = lesson.locked ? 'text-muted' : lesson.kind === 'text' ? 'text-accent' : 'fill-accent text-accent'
  const held = holds(access)
  const words = (
    <>
      <Icon className={`size-4 shrink-0 ${colour}`} aria-hidden />
      <span lang={course.language} className="min-w-0 flex-1">
        {lesson.title}
      </span>
      {lesson.preview && !held && <Badge tone="accent">{t('free')}</Badge>}
      <span className="text-sm text-muted tabular-nums">
        {lesson.duration_ms !== null ? clock(lesson.duration_ms) : lesson.kind === 'text' ? t('text') : t('soon')}
      </span>
    </>
  )
  if (lesson.locked || !isReady(lesson))
    return (
      <div className={row}>
        {words}
        <span className="sr-only">
          {lesson.locked && (access.code === 'sign_in_required' ? t('locked.signIn') : t('locked.purchase'))}
        </span>
      </div>
    )
  if (held)
    return (
      <Link
        href={`/learn/${course.slug}/${lesson.id}`}
        prefetch={false}
        className={`${row} -outline-offset-2 hover:bg-ink/4`}
      >
        {words}
      </Link>
    )
  return (
    <PreviewButton
      lesson={{ id: lesson.id, title: lesson.title, kind: lesson.kind }}
      className={`${row} -outline-offset-2 hover:bg-ink/4`}
    >
      {words}
    </PreviewButton>
  )
}

const holds = ({ state }: Access) => state === 'enrolled' || state === 'owner'
