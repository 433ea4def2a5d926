'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { TextArea, TextField } from '@/components/ui/field'
import { useProblemWords } from '@/lib/api/words'

export type Written = { title: string; body: string }

type Props = {
  /** Whether it has a title. */
  titled: boolean
  first: Written
  label: string
  send: string
  busy: boolean
  error: Error | null
  onSend: (written: Written) => void
  onCancel: () => void
  children?: React.ReactNode
}

/** Writes or edits a question or an answer. */
export function PostForm({ titled, first, label, send, busy, error, onSend, onCancel, children }: Props) {
  const t = useTranslations('questions')
  const explain = useProblemWords()
  const [written, setWritten] = useState(first)
  return (
    <form
      className="grid gap-3 rounded-2xl border border-line bg-surface p-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (written.body.trim()) onSend({ title: written.title.trim(), body: written.body.trim() })
      }}
    >
      {titled && (
        <TextField
          autoFocus
          label={t('askTitle')}
          maxLength={200}
          value={written.title}
          onChange={({ currentTarget: { value } }) => setWritten({ ...written, title: value })}
        />
      )}
      <TextArea
        autoFocus={!titled}
        required
        label={label}
        maxLength={20_000}
        value={written.body}
        onChange={({ currentTarget: { value } }) => setWritten({ ...written, body: value })}
        error={error ? explain(error) : undefined}
      />
      {children}
      <div className="flex justify-end gap-1">
        <Button tone="ghost" onClick={onCancel}>
          {t('cancel')}
        </Button>
        <Button type="submit" busy={busy}>
          {send}
        </Button>
      </div>
    </form>
  )
}
