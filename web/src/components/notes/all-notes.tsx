'use client'
import { useQuery } from '@tanstack/react-query'
import { NotebookPen, Search } from 'lucide-react'
import Link from 'next/link'
import { useDeferredValue, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Paged } from '@/components/shell/paged'
import { Badge } from '@/components/ui/badge'
import { Blank } from '@/components/ui/blank'
import { buttonStyles } from '@/components/ui/button'
import { inputStyles } from '@/components/ui/field'
import { Markdown } from '@/components/ui/markdown'
import { Skeleton } from '@/components/ui/skeleton'
import { api } from '@/lib/api/client'
import { usePages } from '@/lib/api/pages'
import { answer } from '@/lib/api/problem'
import type { Note } from '@/lib/notes/outbox'
import { clock } from '@/lib/time'
import { ExportNotes } from './export-notes'

/** Every note of the learner's, the newest first: searched, by course, and each a way back to its moment. */
export function AllNotes() {
  const t = useTranslations('notes')
  const [course, setCourse] = useState('')
  const [words, setWords] = useState('')
  const q = useDeferredValue(words.trim())
  const courses = useQuery({
    queryKey: ['notes', 'courses'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/me/enrolments', { params: { query: { limit: 100 } }, signal })),
  })
  const notes = usePages(
    ['notes', 'list', course, q],
    (cursor, signal) =>
      answer(
        api.GET('/api/v1/me/notes', {
          params: { query: { course: course || undefined, q: q || undefined, cursor } },
          signal,
        }),
      ),
    { keepsPrevious: true },
  )
  const narrowed = course !== '' || q !== ''
  const titles = new Map(courses.data?.items.map(({ slug, title }) => [slug, title]))
  return (
    <div className="mt-6 grid gap-5">
      <div className="flex flex-wrap gap-2">
        <label className="relative min-w-60 flex-1">
          <span className="sr-only">{t('search')}</span>
          <Search className="absolute top-4 left-4 size-4 text-muted" aria-hidden />
          <input
            type="search"
            maxLength={200}
            value={words}
            onChange={({ currentTarget }) => setWords(currentTarget.value)}
            placeholder={t('search')}
            className={`${inputStyles} h-12 pl-11`}
          />
        </label>
        <select
          aria-label={t('course')}
          value={course}
          onChange={({ currentTarget }) => setCourse(currentTarget.value)}
          className={`${inputStyles} h-12 w-full sm:w-56`}
        >
          <option value="">{t('allCourses')}</option>
          {[...titles].map(([slug, title]) => (
            <option key={slug} value={slug}>
              {title}
            </option>
          ))}
        </select>
        <ExportNotes course={course || undefined} />
      </div>
      <Paged
        pages={notes}
        skeleton={
          <div className="grid gap-4">
            {[0, 1, 2].map((each) => (
              <Skeleton key={each} className="h-32" />
            ))}
          </div>
        }
        empty={narrowed ? <p className="py-10 text-center text-muted">{t('noneFound')}</p> : <NoNotes />}
      >
        {(items) => (
          <ul className="grid gap-4">
            {items.map((note) => (
              <li key={note.id}>
                <FoundNote note={note} course={titles.get(note.course_slug)} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </div>
  )
}

function NoNotes() {
  const t = useTranslations('notes')
  return (
    <Blank
      icon={NotebookPen}
      title={t('noneYet')}
      action={
        <Link href="/my-learning" className={buttonStyles()}>
          {t('toLearning')}
        </Link>
      }
    >
      {t('noneYetText')}
    </Blank>
  )
}

function FoundNote({ note, course }: { note: Note; course: string | undefined }) {
  const t = useTranslations('notes')
  return (
    <article className="grid gap-2 rounded-card border border-line bg-surface p-5 shadow-card">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link
          href={note.deep_link}
          aria-label={t('open', { time: clock(note.at_ms) })}
          className="-ml-3 flex h-11 items-center rounded-full px-3 font-bold text-accent-strong tabular-nums hover:bg-accent-soft"
        >
          {clock(note.at_ms)}
        </Link>
        <h2 className="min-w-0 font-sans text-sm font-semibold tracking-normal text-muted">
          {course && `${course}, `}
          {note.lesson_title}
        </h2>
        {note.stale && (
          <Badge tone="warn" title={t('staleText')}>
            {t('stale')}
          </Badge>
        )}
      </header>
      <Markdown source={note.body} below={2} />
    </article>
  )
}
