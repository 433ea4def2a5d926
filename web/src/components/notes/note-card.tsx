'use client'
import { CloudUpload, Pencil, Trash2, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { inputStyles } from '@/components/ui/field'
import { Markdown } from '@/components/ui/markdown'
import { Notice } from '@/components/ui/notice'
import { Problem } from '@/lib/api/problem'
import { useProblemWords } from '@/lib/api/words'
import type { ShownNote } from '@/lib/notes/outbox'
import { clock } from '@/lib/time'
import { MomentField } from './moment-field'
import { useDraft } from './use-draft'

type Props = {
  note: ShownNote
  userId: string
  onJump: (ms: number) => void
  onEdit: (note: { at_ms: number; body: string }) => void
  onRemove: () => void
  onDecide: (keep: 'mine' | 'theirs') => void
}

export function NoteCard({ note, userId, onJump, onEdit, onRemove, onDecide }: Props) {
  const t = useTranslations('notes')
  const explain = useProblemWords()
  const [draft, keep] = useDraft(userId, `note.${note.id}`)
  const [opened, setOpened] = useState(false)
  // What was typed before a reload is there again.
  const editing = opened || draft.body !== ''
  const icon = 'grid size-11 place-items-center rounded-full text-muted hover:bg-ink/7 hover:text-ink'
  return (
    <article className="rounded-2xl border border-line bg-surface p-2 pb-3">
      <header className="flex items-center gap-1.5">
        <button
          type="button"
          onClick={() => onJump(note.at_ms)}
          aria-label={t('jump', { time: clock(note.at_ms) })}
          className="h-11 rounded-full px-3 text-sm font-bold text-accent-strong tabular-nums hover:bg-accent-soft"
        >
          {clock(note.at_ms)}
        </button>
        {note.stale && (
          <Badge tone="warn" title={t('staleText')}>
            {t('stale')}
          </Badge>
        )}
        {note.state === 'waiting' && (
          <Badge>
            <CloudUpload className="size-3.5" aria-hidden />
            {t('waiting')}
          </Badge>
        )}
        <button
          type="button"
          aria-label={t('editAt', { time: clock(note.at_ms) })}
          className={`${icon} ml-auto`}
          onClick={() => {
            setOpened(true)
            keep({ at_ms: note.at_ms, body: note.body })
          }}
        >
          <Pencil className="size-4" aria-hidden />
        </button>
        <button
          type="button"
          aria-label={t('deleteAt', { time: clock(note.at_ms) })}
          className={icon}
          onClick={onRemove}
        >
          <Trash2 className="size-4" aria-hidden />
        </button>
      </header>
      {editing ? (
        <NoteEditor
          draft={{ at_ms: draft.at_ms ?? note.at_ms, body: draft.body }}
          onChange={keep}
          onCancel={() => {
            setOpened(false)
            keep(null)
          }}
          onSave={(edited) => {
            setOpened(false)
            keep(null)
            onEdit(edited)
          }}
        />
      ) : (
        <Markdown source={note.body} below={1} className="px-3 text-[0.9375rem]" />
      )}
      {note.conflict && (
        <Notice tone="warn" className="mx-1 mt-3">
          <p className="font-semibold">{t('conflict')}</p>
          <Markdown source={note.conflict.body} below={1} className="my-2 border-l-3 border-current/40 pl-3" />
          <div className="flex flex-wrap gap-2">
            <Button size="sm" tone="ink" onClick={() => onDecide('mine')}>
              {t('keepMine')}
            </Button>
            <Button size="sm" tone="outline" onClick={() => onDecide('theirs')}>
              {t('keepTheirs')}
            </Button>
          </div>
        </Notice>
      )}
      {note.refused && (
        <p role="alert" className="mt-2 flex gap-2 px-3 text-sm text-bad">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          {explain(new Problem(note.refused, 400, ''))}
        </p>
      )}
    </article>
  )
}

type EditorProps = {
  draft: { at_ms: number; body: string }
  onChange: (draft: { at_ms: number; body: string }) => void
  onSave: (draft: { at_ms: number; body: string }) => void
  onCancel: () => void
}

function NoteEditor({ draft, onChange, onSave, onCancel }: EditorProps) {
  const t = useTranslations('notes')
  const save = () => draft.body.trim() && onSave({ ...draft, body: draft.body.trim() })
  return (
    <div className="grid gap-2.5 px-1">
      <textarea
        autoFocus
        rows={4}
        maxLength={20_000}
        aria-label={t('editNote')}
        value={draft.body}
        onChange={({ currentTarget: { value } }) => onChange({ ...draft, body: value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
          if (event.key === 'Escape') onCancel()
        }}
        className={`${inputStyles} resize-y py-3 text-[0.9375rem]`}
      />
      <div className="flex flex-wrap items-center gap-2">
        <MomentField ms={draft.at_ms} onChange={(at_ms) => onChange({ ...draft, at_ms })} />
        <span className="ml-auto flex gap-1">
          <Button size="sm" tone="ghost" className="h-11" onClick={onCancel}>
            {t('cancel')}
          </Button>
          <Button size="sm" className="h-11" onClick={save}>
            {t('save')}
          </Button>
        </span>
      </div>
    </div>
  )
}
