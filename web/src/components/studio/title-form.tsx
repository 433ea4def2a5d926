'use client'
import { useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { inputStyles } from '@/components/ui/field'
import { cn } from '@/lib/cn'

type Props = {
  label: string
  action: string
  title?: string
  onSave: (title: string) => Promise<unknown>
  onCancel: () => void
  children?: React.ReactNode
}

/** A title in its place on the page. It is there because somebody asked for it, so it takes the focus. */
export function TitleForm({ label, action, title = '', onSave, onCancel, children }: Props) {
  const t = useTranslations('common')
  const id = useId()
  const [typed, setTyped] = useState(title)
  const [isBusy, setIsBusy] = useState(false)
  const save = async () => {
    if (!typed.trim()) return
    setIsBusy(true)
    await onSave(typed.trim())
    setIsBusy(false)
  }
  return (
    <form
      className="flex flex-1 flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <input
        id={id}
        required
        maxLength={200}
        placeholder={label}
        value={typed}
        ref={(input) => input?.focus()}
        onChange={(event) => setTyped(event.target.value)}
        className={cn(inputStyles, 'h-11 w-auto min-w-48 flex-1')}
      />
      {children}
      <Button type="submit" busy={isBusy}>
        {action}
      </Button>
      <Button tone="ghost" onClick={onCancel}>
        {t('cancel')}
      </Button>
    </form>
  )
}
