'use client'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { TextArea } from '@/components/ui/field'

const MOST_CHARACTERS = 100_000

/** The markdown of a text lesson. */
export function TextBody({ body, onSave }: { body: string; onSave: (body: string) => Promise<boolean> }) {
  const t = useTranslations('studio.curriculum')
  const common = useTranslations('common')
  const format = useFormatter()
  const [typed, setTyped] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [isSaved, setIsSaved] = useState(false)
  const text = typed ?? body
  const save = async () => {
    setIsBusy(true)
    const done = await onSave(text)
    setIsBusy(false)
    setIsSaved(done)
    if (done) setTyped(null)
  }
  return (
    <div className="grid gap-3">
      <TextArea
        label={t('textBody')}
        hint={t('textHint', { count: format.number(text.length), limit: format.number(MOST_CHARACTERS) })}
        rows={12}
        maxLength={MOST_CHARACTERS}
        value={text}
        onChange={(event) => {
          setIsSaved(false)
          setTyped(event.target.value)
        }}
      />
      <div className="flex items-center gap-3">
        <Button busy={isBusy} disabled={typed === null || typed === body} onClick={() => void save()}>
          {common('save')}
        </Button>
        <p role="status" className="text-sm text-muted">
          {isSaved ? common('saved') : ''}
        </p>
      </div>
    </div>
  )
}
