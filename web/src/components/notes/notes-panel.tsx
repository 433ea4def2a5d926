'use client'
import { NotebookPen, Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useStage } from '@/components/player/lesson-stage'
import { QueryTrouble } from '@/components/shell/query-trouble'
import { Blank } from '@/components/ui/blank'
import { inputStyles } from '@/components/ui/field'
import { Skeleton } from '@/components/ui/skeleton'
import { ExportNotes } from './export-notes'
import { NoteCard } from './note-card'
import { NoteComposer } from './note-composer'
import type { useNotes } from './use-notes'

type Props = {
  lessonId: string
  userId: string
  /** Of the video that plays; null beside a text. */
  revision: number | null
  notes: ReturnType<typeof useNotes>
}

const UNDO_SECONDS = 6

export function NotesPanel({
  lessonId,
  userId,
  revision,
  notes: { notes, query, write, edit, remove, decide },
}: Props) {
  const t = useTranslations('notes')
  const { course, player } = useStage()
  const [words, setWords] = useState('')
  const [undo, setUndo] = useState<(() => void) | null>(null)
  useEffect(() => {
    if (!undo) return
    const timer = setTimeout(() => setUndo(null), UNDO_SECONDS * 1000)
    return () => clearTimeout(timer)
  }, [undo])
  const found = notes.filter((note) => note.body.toLocaleLowerCase().includes(words.trim().toLocaleLowerCase()))
  return (
    <div className="grid gap-4">
      <NoteComposer
        lessonId={lessonId}
        userId={userId}
        onWrite={(note) => write({ ...note, media_revision: revision })}
      />
      {(notes.length > 0 || words) && (
        <div className="flex flex-wrap gap-2">
          <label className="relative flex-1">
            <span className="sr-only">{t('searchHere')}</span>
            <Search className="absolute top-3.5 left-3.5 size-4 text-muted" aria-hidden />
            <input
              type="search"
              value={words}
              onChange={({ currentTarget }) => setWords(currentTarget.value)}
              placeholder={t('searchHere')}
              className={`${inputStyles} h-11 pl-10 text-[0.9375rem]`}
            />
          </label>
          <ExportNotes course={course.slug} small />
        </div>
      )}
      <div aria-live="polite" className="empty:hidden">
        {undo && (
          <p className="flex items-center justify-between gap-3 rounded-xl bg-ink py-1 pr-1 pl-4 text-paper">
            {t('deleted')}
            <button
              type="button"
              className="h-11 rounded-lg px-4 font-bold underline underline-offset-4"
              onClick={() => {
                undo()
                setUndo(null)
              }}
            >
              {t('undo')}
            </button>
          </p>
        )}
      </div>
      {query.isPending && <Skeleton className="h-28" />}
      {query.isError && <QueryTrouble problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && notes.length === 0 && (
        <Blank icon={NotebookPen} title={t('emptyTitle')} className="py-8">
          {t('emptyText')}
        </Blank>
      )}
      {notes.length > 0 && found.length === 0 && <p className="py-6 text-center text-muted">{t('noneFound')}</p>}
      <ul className="grid gap-3">
        {found.map((note) => (
          <li key={note.id}>
            <NoteCard
              note={note}
              userId={userId}
              onJump={(ms) => player.current?.seek(ms)}
              onEdit={(edited) => edit(note.id, note.version, edited)}
              onRemove={() => {
                const takeBack = remove(note.id)
                setUndo(() => takeBack)
              }}
              onDecide={(keep) => decide(note.id, keep)}
            />
          </li>
        ))}
      </ul>
    </div>
  )
}
