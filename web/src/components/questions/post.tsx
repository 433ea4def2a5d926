'use client'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Badge } from '@/components/ui/badge'
import { Markdown } from '@/components/ui/markdown'
import { useProblemWords } from '@/lib/api/words'

type Props = {
  author: string
  mine: boolean
  byInstructor?: boolean
  accepted?: boolean
  writtenAt: string
  editedAt: string
  body: string
  error: Error | null
  onEdit: () => void
  onRemove: () => void
  actions?: React.ReactNode
}

const action = 'h-11 rounded-full px-3 text-sm font-semibold text-muted hover:bg-ink/7 hover:text-ink'

/** What somebody wrote, and what its author can do to it. */
export function Post(props: Props) {
  const { author, mine, byInstructor, accepted, writtenAt, editedAt, body, error, onEdit, onRemove, actions } = props
  const t = useTranslations('questions')
  const format = useFormatter()
  const explain = useProblemWords()
  const [sure, setSure] = useState(false)
  return (
    <div className="grid gap-2">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <span className="font-bold">{mine ? t('you') : author}</span>
        {byInstructor && <Badge tone="accent">{t('instructor')}</Badge>}
        {accepted && <Badge tone="good">{t('accepted')}</Badge>}
        <time dateTime={writtenAt} className="text-muted">
          {format.dateTime(new Date(writtenAt), { dateStyle: 'medium' })}
          {editedAt > writtenAt && `, ${t('edited')}`}
        </time>
      </p>
      <Markdown source={body} below={2} className="text-[0.9375rem]" />
      {error && (
        <p role="alert" className="text-sm text-bad">
          {explain(error)}
        </p>
      )}
      <div className="-mx-3 flex flex-wrap empty:hidden">
        {actions}
        {mine && (
          <>
            <button type="button" className={action} onClick={onEdit}>
              {t('edit')}
            </button>
            <button
              type="button"
              className={sure ? 'h-11 rounded-full bg-bad-soft px-3 text-sm font-semibold text-bad' : action}
              onClick={() => (sure ? onRemove() : setSure(true))}
              onBlur={() => setSure(false)}
            >
              {sure ? t('deleteSure') : t('delete')}
            </button>
          </>
        )}
      </div>
    </div>
  )
}

export const postAction = action
