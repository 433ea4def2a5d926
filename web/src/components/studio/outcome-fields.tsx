'use client'
import { Plus, X } from 'lucide-react'
import { useRef } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/components/ui/button'
import { inputStyles } from '@/components/ui/field'
import { cn } from '@/lib/cn'

const MOST = 20

/** What people will learn, a line each. */
export function OutcomeFields({ outcomes, onChange }: { outcomes: string[]; onChange: (outcomes: string[]) => void }) {
  const t = useTranslations('studio.form')
  const list = useRef<HTMLUListElement>(null)
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-sm font-semibold">{t('outcomes')}</legend>
      <ul ref={list} className="grid gap-2">
        {outcomes.map((outcome, index) => (
          // Lines have no name of their own but their place.
          <li key={index} className="flex gap-2">
            <input
              aria-label={t('outcome', { number: index + 1 })}
              value={outcome}
              maxLength={300}
              onChange={(event) => onChange(outcomes.with(index, event.target.value))}
              className={cn(inputStyles, 'h-11')}
            />
            <Button
              tone="ghost"
              size="icon"
              className="shrink-0"
              aria-label={t('removeOutcome', { number: index + 1 })}
              onClick={() => {
                onChange(outcomes.toSpliced(index, 1))
                list.current?.querySelectorAll('input')[Math.max(0, index - 1)]?.focus()
              }}
            >
              <X className="size-4" aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
      {outcomes.length < MOST && (
        <Button tone="outline" className="justify-self-start" onClick={() => onChange([...outcomes, ''])}>
          <Plus className="size-4" aria-hidden />
          {t('addOutcome')}
        </Button>
      )}
    </fieldset>
  )
}
