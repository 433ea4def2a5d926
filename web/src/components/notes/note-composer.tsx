'use client'
import { useTranslations } from 'use-intl'
import { useStage } from '@/components/player/lesson-stage'
import { Button } from '@/components/ui/button'
import { inputStyles } from '@/components/ui/field'
import { MomentField } from './moment-field'
import { useDraft } from './use-draft'

type Props = { lessonId: string; userId: string; onWrite: (note: { at_ms: number; body: string }) => void }

/** A note is stamped with the moment at which its first key is pressed, however long it takes to write it. */
export function NoteComposer({ lessonId, userId, onWrite }: Props) {
  const t = useTranslations('notes')
  const { player, noteField } = useStage()
  const [draft, keep] = useDraft(userId, lessonId)
  const now = () => player.current?.positionMs() ?? 0
  const save = () => {
    const body = draft.body.trim()
    if (!body) return
    onWrite({ at_ms: draft.at_ms ?? now(), body })
    keep(null)
  }
  return (
    <form
      className="grid gap-2.5"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <textarea
        ref={noteField}
        value={draft.body}
        maxLength={20_000}
        rows={3}
        aria-label={t('newNote')}
        placeholder={t('placeholder')}
        aria-keyshortcuts="Control+Enter"
        onChange={({ currentTarget: { value } }) =>
          keep(value ? { body: value, at_ms: draft.body ? draft.at_ms : now() } : null)
        }
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            save()
          }
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
        className={`${inputStyles} resize-y py-3 text-[0.9375rem]`}
      />
      {draft.body !== '' && (
        <div className="flex flex-wrap items-center gap-2">
          <MomentField ms={draft.at_ms ?? 0} onChange={(at_ms) => keep({ ...draft, at_ms })} />
          <Button type="submit" size="sm" className="ml-auto h-11">
            {t('save')}
          </Button>
        </div>
      )}
    </form>
  )
}
